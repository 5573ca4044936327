#include "conformance_report.hpp"

#include "yihong/base/file.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/page.hpp"
#include "yihong/http/parameters.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong {
namespace {

namespace asio = boost::asio;
using http::Html;
using simdjson::dom::element;

constexpr std::size_t report_limit_bytes = 16U << 20U;

struct ReportQuery {
    http::Form form = http::Form::json;
};

std::string hexadecimal(std::span<unsigned char const> bytes)
{
    std::string out;
    for (auto const byte : bytes)
        out += fmt::format("{:02x}", byte);
    return out;
}

/// The build ID among the notes of a segment; empty: it has none.
std::string build_id_of(std::span<unsigned char const> notes)
{
    while (notes.size() > sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) head{};
        std::copy_n(notes.data(), sizeof head, reinterpret_cast<unsigned char*>(&head));
        auto const padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
        auto const content = sizeof head + padded(head.n_namesz);
        auto const end = content + padded(head.n_descsz);
        if (end > notes.size())
            break;
        if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4)
            return hexadecimal(notes.subspan(content, head.n_descsz));
        notes = notes.subspan(end);
    }
    return {};
}

std::string text_of(element const& from, std::string_view name)
{
    std::string_view text;
    return from[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// What did not pass, collection by collection.
Html exceptions_of(element const& check)
{
    Html out;
    simdjson::dom::object of;
    if (check["of"].get(of) != simdjson::SUCCESS)
        return out;
    for (auto const [place, outcome] : of)
        if (auto const result = text_of(outcome, "result"); result != "passed")
            out += http::element("div", fmt::format("{}: {}: {}", place, result, text_of(outcome, "why")));
    return out;
}

http::Reply as_page(http::Request const& request, std::string const& report)
{
    simdjson::dom::parser parser;
    auto const document = parser.parse(report).value();
    auto const build = document["build"].value();
    auto page = http::page_for(request, "符合性测试报告", "Conformance report");
    auto facts = http::fact("版本", "Version", text_of(build, "version")) + http::fact("提交", "Commit", text_of(build, "commit")) +
                 http::fact("构建", "Build", text_of(build, "build_id"));
    if (auto const at = parse_rfc3339(text_of(document, "ran_at")))
        facts += http::fact("测试时间", "Run at", http::instant(*at));
    page.main += http::table(facts, "facts");
    auto rows = http::head_row({{"编号", "ID"}, {"结果", "Result"}, {"要求", "Asserts"}, {"未通过或未执行", "Failed or skipped"}});
    for (auto const check : document["checks"].get_array())
        rows += http::row({text_of(check, "id"), text_of(check, "result"), text_of(check, "asserts"), exceptions_of(check)});
    page.main += http::table(rows, "rows");
    return http::page_reply(http::html_page(page));
}

asio::awaitable<http::Reply> report(net::Pool& readers, http::Request const& request, ReportQuery const& wanted)
{
    auto const make = [&]() -> http::Reply {
        auto found = find_report(report_places(), own_build_id());
        if (!found)
            return http::make_problem(found.error());
        return wanted.form == http::Form::html ? as_page(request, *found) : http::json_reply(*std::move(found));
    };
    auto reply = co_await readers.run(make);
    reply.headers.emplace_back("Vary", "Accept");
    co_return reply;
}

constexpr std::string_view report_schema =
    R"({"type":"object","properties":{"build":{"type":"object","properties":{"version":{"type":"string"},"commit":{"type":"string","nullable":true},"build_id":{"type":"string"}}},"ran_at":{"type":"string","format":"date-time"},"passed":{"type":"integer"},"failed":{"type":"integer"},"skipped":{"type":"integer"},"checks":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"asserts":{"type":"string"},"result":{"type":"string","enum":["passed","failed","skipped"]},"of":{"type":"object"}}}}}})";

}  // namespace

std::string own_build_id()
{
    std::string found;
    auto const look = [](dl_phdr_info* object, std::size_t, void* into) {
        for (int i = 0; i < object->dlpi_phnum; ++i)
            if (auto const& segment = object->dlpi_phdr[i]; segment.p_type == PT_NOTE) {
                auto const* const begin = reinterpret_cast<unsigned char const*>(object->dlpi_addr + segment.p_vaddr);
                if (auto id = build_id_of({begin, segment.p_memsz}); !id.empty())
                    *static_cast<std::string*>(into) = std::move(id);
            }
        return 1;                                          // the first one is the program; its libraries have IDs of their own
    };
    dl_iterate_phdr(look, &found);
    return found;
}

std::vector<std::filesystem::path> report_places()
{
    std::error_code ignored;
    auto const folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    return {folder / "conformance.json", (folder / "../share/yihong/conformance.json").lexically_normal()};
}

Result<std::string> find_report(std::span<std::filesystem::path const> places, std::string_view build_id)
{
    std::string others;
    for (auto const& place : places) {
        auto text = read_file(place, report_limit_bytes);
        simdjson::dom::parser parser;
        element document;
        element build;
        if (!text || parser.parse(*text).get(document) != simdjson::SUCCESS || document["build"].get(build) != simdjson::SUCCESS)
            continue;
        if (auto const id = text_of(build, "build_id"); !id.empty() && id == build_id)
            return text;
        others += fmt::format("; {} is of another build ({})", place.filename().string(), text_of(build, "commit"));
    }
    return fail(Errc::not_found,
                fmt::format("这个程序没有符合性测试报告；在构建目录运行 ctest -R conformance 即得 there is no conformance report of this "
                            "build (ID {}): ctest -R conformance in its build folder makes one{}",
                            build_id, others));
}

std::vector<http::Route> conformance_routes(net::Pool& readers)
{
    return {http::declare<ReportQuery>(
        {.path = "/conformance/report",
         .id = "getConformanceReport",
         .tag = "Capabilities",
         .summary = {"这个构建的符合性测试结果", "what the conformance checks said of this build"},
         .responses = {{200, {}, {{"application/json", std::string{report_schema}}, {"text/html", R"({"type":"string"})"}}},
                       {404, {"没有这个构建的报告", "There is no report of this build."}}}},
        {http::form({http::Form::json, http::Form::html}, &ReportQuery::form)},
        [&readers](http::Request const& request, ReportQuery const& wanted) { return report(readers, request, wanted); })};
}

}  // namespace yihong
