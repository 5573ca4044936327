#include "ports/all_contracts.hpp"
#include "ports/memory_store.hpp"

namespace yihong::store_contract {
namespace {

struct MemoryHarness {
    Store& store() { return store_; }
    void reopen() {}
    void compact() {}
    std::unique_ptr<Store> open_copy(std::filesystem::path const& path) { return testing::MemoryStore::open_backup(store_, path); }

private:
    testing::MemoryStore store_;
};

}  // namespace

YIHONG_STORE_CONTRACTS(MemoryStore, MemoryHarness);

}  // namespace yihong::store_contract
