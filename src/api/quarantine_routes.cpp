#include "common.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/secrets.hpp"
#include "yihong/model/frame_text.hpp"
#include "yihong/readings_io/readings.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace yihong::api {
namespace {

/// An entry as `quarantine` writes it.
constexpr http::Component entry_component{
    "quarantineEntry",
    R"({"type":"object","properties":{"id":{"type":"integer"},"received_at":{"type":"string","format":"date-time"},"source":{"type":"string"},"format":{"type":"string"},"code":{"type":"string"},"detail":{"type":"string"},"site":{"type":"string"},"raw":{"type":"string","nullable":true},"raw_base64":{"type":"string"}}})"};
constexpr std::string_view replay_schema =
    R"({"type":"object","properties":{"tried":{"type":"integer"},"settled":{"type":"integer"},"remaining":{"type":"integer"},"accepted":{"type":"integer"},"duplicates":{"type":"integer"},"revised":{"type":"integer"},"superseded":{"type":"integer"}}})";

/// A page ends with the entry that passes this, whatever the entries hold.
constexpr std::size_t page_bytes = 4U << 20U;

struct EntryName {
    std::uint64_t id = 0;
};

struct QuarantineQuery {
    std::uint64_t after = 0;
    std::size_t limit = 100;
    bool secrets = false;
};

asio::awaitable<Reply> quarantine(Services const& services, Request const& request, QuarantineQuery const& wanted)
{
    if (auto refused = http::refuse_secrets(request, wanted.secrets))
        co_return std::move(*refused);
    auto const after = wanted.after;
    auto const limit = wanted.limit;
    bool more = false;
    auto const read = [&] {
        auto found = services.evidence.quarantine(after, limit, page_bytes);
        more = !found.empty() && !services.evidence.quarantine(found.back().id, 1).empty();
        return found;
    };
    auto const entries = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("entries").begin_array();
    for (auto const& entry : entries) {
        json.begin_object()
            .member("id", static_cast<std::int64_t>(entry.id))
            .member("received_at", entry.received_at)
            .member("source", entry.source);
        json.member("format", entry.format).member("code", entry.code).member("detail", entry.detail).member("site", entry.site).key("raw");
        bool const masks = !wanted.secrets && services.other_formats.contains(entry.format);   // frames carry passwords, readings none
        auto const raw = masks ? without_secrets(entry.raw) : entry.raw;
        if (is_valid_utf8(raw)) {
            json.value(raw);
        } else {
            json.null().member("raw_base64", to_base64(raw));
        }
        json.end_object();
    }
    json.end_array().member("numberReturned", entries.size()).key("links").begin_array();
    auto const base = request.root_url() + "/api/v1/quarantine?limit=" + std::to_string(limit) + (wanted.secrets ? "&secrets=true" : "");
    json.begin_object()
        .member("href", base + "&after=" + std::to_string(after))
        .member("rel", "self")
        .member("type", json_type)
        .end_object();
    if (more)
        json.begin_object()
            .member("href", base + "&after=" + std::to_string(entries.back().id))
            .member("rel", "next")
            .member("type", json_type)
            .end_object();
    json.end_array().end_object();
    co_return json_reply(std::move(out));
}

/// By the format kept with it.
Result<ParsedBatch> read_again(Services const& services, QuarantineEntry const& entry, World const& world)
{
    auto const other = services.other_formats.find(entry.format);
    return other == services.other_formats.end() ? read_text(entry.format, entry.raw, {*world.sites, world.standards->parameters()})
                                                 : other->second(entry, world);
}

/// What of these entries is good now, whole entries, as one batch. Each record keeps when it came first.
PreparedBatch good_of(Services const& services, std::span<QuarantineEntry const> entries, std::string const& source)
{
    PreparedBatch group;
    group.source = source;
    auto const world = services.intake.world();
    auto const now = utc_now();
    for (auto const& entry : entries) {
        auto parsed = read_again(services, entry, *world);
        if (!parsed || !parsed->refused.empty() || parsed->records.empty())
            continue;
        auto batch = services.intake.prepare(std::move(*parsed), source, *world, now);
        if (!batch.refused.empty())
            continue;
        group.first_received.insert(group.first_received.end(), batch.records.size(), entry.received_at);
        std::ranges::move(batch.records, std::back_inserter(group.records));
        group.replayed.push_back(entry.id);
    }
    return group;
}

/// Reads every quarantined piece again under the present config; what is good now is taken in and leaves quarantine.
std::string replay(Services const& services, std::string const& source)
{
    std::uint64_t after = 0, tried = 0, settled = 0;
    IngestReport total;
    constexpr std::size_t entries_a_commit = 500;
    for (;;) {
        auto const entries = services.evidence.quarantine(after, entries_a_commit, page_bytes);
        if (entries.empty())
            break;
        after = entries.back().id;
        tried += entries.size();
        auto group = good_of(services, entries, source);
        if (group.replayed.empty())
            continue;
        settled += group.replayed.size();
        auto const report = services.intake.submit_and_wait(std::move(group));
        total.accepted += report.accepted;
        total.duplicates += report.duplicates;
        total.revised += report.revised;
        total.superseded += report.superseded;
    }
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("tried", static_cast<std::int64_t>(tried)).member("settled", static_cast<std::int64_t>(settled));
    json.member("remaining", static_cast<std::int64_t>(tried - settled)).member("accepted", static_cast<std::int64_t>(total.accepted));
    json.member("duplicates", static_cast<std::int64_t>(total.duplicates))
        .member("revised", static_cast<std::int64_t>(total.revised))
        .member("superseded", static_cast<std::int64_t>(total.superseded))
        .end_object();
    return out;
}

asio::awaitable<Reply> replay_quarantine(Services const& services, Request const& request)
{
    auto const run = [&, source = source_of(request) + " replay"] { return replay(services, source); };
    auto body = co_await services.replays.run(run);
    audit(request, "quarantine_replay", {{"result", std::string_view{body}}});
    co_return json_reply(std::move(body));
}

/// For what will never be good: somebody has looked at it and says so; the audit line keeps who.
asio::awaitable<Reply> drop_quarantined(Services const& services, Request const& request, std::uint64_t id)
{
    auto const find = [&] { return services.evidence.quarantine_entry(id); };
    auto const entry = co_await services.readers.run(find);
    if (!entry)
        co_return http::make_problem(404, "not_found", "there is no quarantine entry " + std::to_string(id));
    PreparedBatch batch;
    batch.replayed.push_back(id);
    auto const report = co_await commit(services.intake, std::move(batch));
    if (!report || is_busy(*report))
        co_return http::make_problem(503, "store_unavailable", "nothing was changed; try again later");
    audit(request, "quarantine_drop",
          {{"id", static_cast<std::int64_t>(id)}, {"code", std::string_view{entry->code}}, {"source", std::string_view{entry->source}}});
    Reply reply;
    reply.status = 204;
    co_return reply;
}

}  // namespace

std::vector<http::Route> make_quarantine_routes(Services const& services)
{
    auto const page = R"({"type":"object","properties":{"entries":{"type":"array","items":)" + reference_to(entry_component) +
                      R"(},"numberReturned":{"type":"integer"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})";
    auto after =
        http::query("after", {"从此标识之后", "entries behind this id"}, http::whole_number(0, UINT64_MAX, "0"), &QuarantineQuery::after);
    return {
        http::declare<QuarantineQuery>(
            {.path = "/api/v1/quarantine",
             .scope = http::Scope::operate,
             .id = "getQuarantine",
             .tag = "Operation",
             .summary = {"隔离区：被拒的输入，连同原文与原因", "input that was refused, with its bytes and the reason"},
             .responses = {{200, {}, {{"application/json", page}}}},
             .components = {&entry_component}},
            {std::move(after), http::limit({"条数", "entries"}, 100, 1000, &QuarantineQuery::limit),
             http::secrets(&QuarantineQuery::secrets), http::only_json<QuarantineQuery>()},
            [&services](Request const& request, QuarantineQuery const& wanted) { return quarantine(services, request, wanted); }),
        http::declare<http::NoArguments>(
            {.method = http::Method::post,
             .path = "/api/v1/quarantine/replay",
             .scope = http::Scope::operate,
             .id = "replayQuarantine",
             .tag = "Operation",
             .summary = {"重新读取全部隔离的输入", "read all quarantined input again"},
             .responses = {{200,
                            {"现在有效的已接收并离开隔离区；之后另有数据到达的只记为修订（superseded）",
                             "What is good now is taken in and leaves quarantine; where others came since, it is a revision only "
                             "(superseded)."},
                            {{"application/json", std::string{replay_schema}}}}}},
            {}, [&services](Request const& request, http::NoArguments const&) { return replay_quarantine(services, request); }),
        http::declare<EntryName>(
            {.method = http::Method::del,
             .path = "/api/v1/quarantine/{id}",
             .scope = http::Scope::operate,
             .id = "dropQuarantined",
             .tag = "Operation",
             .summary = {"丢弃一条永远不会有效的隔离输入", "drop a quarantined entry that will never be good"},
             .responses = {{204, {"已丢弃", "It is gone."}}}},
            {http::path("id", {"隔离条目的标识", "id of the entry"}, http::whole_number(1), &EntryName::id)},
            [&services](Request const& request, EntryName const& entry) { return drop_quarantined(services, request, entry.id); }),
    };
}

}  // namespace yihong::api
