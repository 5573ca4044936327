#include "prints.hpp"

namespace yihong::api {
namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view xlsx_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

}  // namespace

http::Parameters<Printing> printing_parameters()
{
    return {
        http::query("links", {"断面名称链接到其记录；默认是", "names of sections lead to their records; without: they do"}, http::flag(),
                    &Printing::links),
        http::query("number", {"期号，印在报告上；不写则留空", "the number of the issue, printed on it; without: left blank"}, http::text(),
                    &Printing::number),
        http::query("f",
                    {"A4 页面、Excel 工作簿或 Word 文档（按模板）", "a page for A4, a workbook, or a Word document made from the template"},
                    http::one_of<Print>({{"html", Print::html}, {"xlsx", Print::xlsx}, {"docx", Print::docx}}), &Printing::print),
    };
}

std::vector<http::Response> printed_responses()
{
    std::string const binary = R"({"type":"string","format":"binary"})";
    return {{200, {}, {{"text/html", R"({"type":"string"})"}, {std::string{xlsx_type}, binary}, {std::string{docx_type}, binary}}}};
}

Result<std::string> in_template(documents::Kind kind, std::filesystem::path const& file, ReportContent const& content)
{
    auto const docx = documents::read_template(kind, file);
    auto made = docx ? documents::fill_template(*docx, content) : docx;
    if (!made)
        return fail(Errc::broken_file, "模板 " + file.filename().string() + "：" + made.error().detail);
    return made;
}

http::Reply printed_reply(Print print, Result<std::string> made)
{
    if (!made)
        return http::make_problem(made.error().code == Errc::broken_file ? 500 : 400, code_name(made.error().code), made.error().detail);
    auto const type = print == Print::xlsx ? xlsx_type : print == Print::docx ? docx_type : html_type;
    return http::make_reply(200, std::string{type}, *std::move(made));
}

}  // namespace yihong::api
