#include "downloads.hpp"

#include "pages.hpp"
#include "work_folder.hpp"

#include "yihong/base/text.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace yihong::ogcapi {
namespace {

class FeaturesAsText final : public http::BodySource {
public:
    FeaturesAsText(Download download, formats::Table table)
        : download_{std::move(download)},
          text_{download_.collection->select(download_.query.features), download_.format->format, std::move(table)}
    {}

    bool next(std::string& out) override { return text_.next(out); }

private:
    Download download_;                            // the text is of its collection
    formats::FeatureText text_;
};

}  // namespace

std::string Download::file_name() const
{
    auto name = collection->metadata().id;
    if (auto const as_of = collection->metadata().as_of) {
        auto const minute = format_beijing_minute(*as_of);     // 2025-11-06 20:00
        std::string digits;
        for (char const c : minute)
            if (c != '-' && c != ':')
                digits += c == ' ' ? '-' : c;
        name += "_" + digits;
    }
    return name.append(format->extension);
}

std::shared_ptr<http::OpenFile const> FinishedFiles::find(std::string_view key, std::string_view version)
{
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find_if(kept_, [&](Kept const& one) { return one.key == key && one.version == version; });
    if (found == kept_.end())
        return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return found->file;
}

void FinishedFiles::put(std::string key, std::string version, std::shared_ptr<http::OpenFile const> file)
{
    std::lock_guard const lock{mutex_};
    std::erase_if(kept_, [&](Kept const& one) { return one.key == key; });
    kept_.push_front({std::move(key), std::move(version), std::move(file)});
    if (kept_.size() > most)
        kept_.pop_back();
}

Downloads::Downloads(std::shared_ptr<crs::Transformers const> transformers, net::Pool& readers, net::Pool& heavy,
                     std::filesystem::path folder)
    : transformers_{std::move(transformers)}, readers_{readers}, heavy_{heavy}, folder_{std::move(folder)}
{}

formats::Table Downloads::table_of(Download const& download) const
{
    auto const& query = download.query;
    auto const& metadata = download.collection->metadata();
    bool const moves = query.crs && query.crs->code != 0;
    return {.name = metadata.id,
            .title = title_of(*download.collection),
            .schema = &download.collection->schema(),
            .form = form_of(*transformers_, query),
            .has_geometry = !query.skip_geometry,
            .geometry_type = metadata.geometry_type,
            .epsg = moves ? query.crs->code : 0,
            .north_first = moves && query.crs->north_first,
            .in_degrees = !moves || query.crs->in_degrees,
            .byte_order_mark = query.byte_order_mark};
}

http::StreamBody Downloads::stream_of(Download download) const
{
    auto open = [this, download = std::move(download)] { return std::make_unique<FeaturesAsText>(download, table_of(download)); };
    return {.open = std::move(open), .pool = &readers_};
}

std::shared_ptr<http::OpenFile const> Downloads::file_of(Download const& download, std::atomic<bool> const* client_left) const
{
    auto const look_for_client = [&] {
        if (client_left != nullptr && *client_left)
            throw http::ClientLeft{};
    };
    look_for_client();                                     // it may have left while this waited for its turn
    WorkFolder const folder{folder_};
    auto const file = folder.path() / (download.collection->metadata().id + std::string{download.format->extension});
    try {
        EmptiesWhenLeft const watch{folder,
                                    client_left};  // longer than the writer, which would finish what it has even when it is given up
        auto const writer = formats::file_writer(download.format->format, table_of(download), file);
        auto const features = download.collection->select(download.query.features);
        while (auto const feature = features->next()) {
            writer->add(*feature);
            look_for_client();
        }
        writer->finish();
    } catch (std::runtime_error const&) {
        look_for_client();                                 // what it says of emptied files is no fault
        throw;
    }
    look_for_client();
    auto const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw std::system_error{errno, std::generic_category(), "the finished file cannot be opened"};
    auto opened = http::OpenFile::adopt(descriptor);
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    return *std::move(opened);
}

boost::asio::awaitable<http::Reply> Downloads::serve(Download download, std::string key, http::Request const& request)
{
    auto const& format = *download.format;
    auto const* const system = download.query.crs;
    if (format.only_crs84 && system && system->code != 0)
        co_return http::make_problem(400, code_name(Errc::bad_value),
                                     "crs: " + system->uri + " cannot be had with f=" + std::string{format.name} +
                                         ", whose coordinates are " + std::string{crs::crs84} + " by definition");
    http::Reply reply;
    reply.content_type = std::string{format.media_type} + (format.format == formats::Format::csv ? "; charset=utf-8" : "");
    reply.headers = {{"Content-Disposition", "attachment; filename=\"" + download.file_name() + "\""},
                     {"Content-Crs", "<" + (system ? system->uri : std::string{crs::crs84}) + ">"},
                     {"Vary", "Accept"}};
    if (format.is_stream) {
        reply.body = stream_of(std::move(download));
        co_return reply;
    }
    std::string const version = download.collection->metadata().version;
    auto file = version.empty() && !request.wants_part ? nullptr : finished_.find(key, version);
    if (!file) {
        auto const make = [&] { return file_of(download, request.client_left); };
        file = co_await heavy_.run(make);
        finished_.put(std::move(key), version, file);
    }
    reply.body = http::FileBody{.file = std::move(file)};
    co_return reply;
}

}  // namespace yihong::ogcapi
