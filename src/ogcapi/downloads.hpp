#pragma once

#include "query.hpp"

#include "yihong/features/source.hpp"
#include "yihong/formats/formats.hpp"
#include "yihong/http/body.hpp"
#include "yihong/http/message.hpp"
#include "yihong/net/pool.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace yihong::ogcapi {

/// The same items in a format to take home. Text streams while it is made; the others are files, finished on disk before they are sent.
struct Download {
    std::shared_ptr<FeatureSource const> collection;
    Query query;
    formats::FormatNames const* format = nullptr;
    /// In which file a browser keeps it: `water-sections_20251106-2000.gpkg`, the moment in Beijing time.
    [[nodiscard]] std::string file_name() const;
};

/// Finished files that are open, and nameless on disk: who was cut off goes on with a range of the same bytes. Any thread.
class FinishedFiles {
public:
    /// \return null where it is not there any more, or of another version
    std::shared_ptr<http::OpenFile const> find(std::string_view key, std::string_view version);
    void put(std::string key, std::string version, std::shared_ptr<http::OpenFile const> file);

private:
    static constexpr std::size_t most = 8;
    struct Kept {
        std::string key;
        std::string version;
        std::shared_ptr<http::OpenFile const> file;
    };
    std::mutex mutex_;
    std::list<Kept> kept_;  // the latest first
};

/// What `f=csv` and its like give.
class Downloads {
public:
    /// \param readers streams text \param heavy makes files \param folder where files are made, each in a folder of its own that goes with it
    Downloads(std::shared_ptr<crs::Transformers const> transformers, net::Pool& readers, net::Pool& heavy, std::filesystem::path folder);

    /// \param key what the request asks for. One that goes on with a file that it was sent gets that one as long as it is there,
    /// even where nobody can tell whether the data is still the same \pre the request outlives the coroutine
    /// \throws http::ClientLeft where nobody waits for a file any more
    boost::asio::awaitable<http::Reply> serve(Download download, std::string key, http::Request const& request);

private:
    [[nodiscard]] formats::Table table_of(Download const& download) const;
    [[nodiscard]] http::StreamBody stream_of(Download download) const;
    [[nodiscard]] std::shared_ptr<http::OpenFile const> file_of(Download const& download, std::atomic<bool> const* client_left) const;

    std::shared_ptr<crs::Transformers const> transformers_;
    net::Pool& readers_;
    net::Pool& heavy_;
    std::filesystem::path folder_;
    FinishedFiles finished_;
};

}  // namespace yihong::ogcapi
