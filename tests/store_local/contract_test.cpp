#include "ports/all_contracts.hpp"
#include "temporary_folder.hpp"

#include "yihong/store_local/local_store.hpp"

namespace yihong::store_contract {
namespace {

/// As small a write buffer as RocksDB allows, so that files and compactions take part.
struct LocalHarness {
    LocalHarness() { reopen(); }
    Store& store() { return *store_; }
    void reopen()
    {
        store_.reset();
        store_ = LocalStore::open(folder_.path(), {.write_buffer_bytes = 64U << 10});
    }
    void compact() { store_->compact(); }
    std::unique_ptr<Store> open_copy(std::filesystem::path const& path) { return LocalStore::open(path); }

private:
    TemporaryFolder folder_;
    std::unique_ptr<LocalStore> store_;
};

}  // namespace

YIHONG_STORE_CONTRACTS(LocalStore, LocalHarness);

}  // namespace yihong::store_contract
