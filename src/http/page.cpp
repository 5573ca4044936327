#include "yihong/http/page.hpp"

#include "yihong/base/text.hpp"

namespace yihong::http {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.6 system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;color:#1c2733;margin:0;background:#f6f8fa}"
    "header,main,footer{max-width:76rem;margin:0 auto;padding:.6rem 1.2rem}"
    "header{display:flex;gap:1.2rem;flex-wrap:wrap;align-items:baseline}header b{font-size:1.15rem}"
    "main{background:#fff;border:1px solid #dde3e9;border-radius:6px}h1{font-size:1.5rem}h2{font-size:1.15rem}"
    "small,[lang=en]{color:#5b6875;font-weight:normal}a{color:#0b62a8}"
    "table{border-collapse:collapse;font-size:.9rem}div.wide{overflow-x:auto}"
    "th,td{border:1px solid #dde3e9;padding:.25rem .55rem;text-align:left;vertical-align:top}th{background:#eef2f5}"
    "th small{display:block;font-weight:normal}table.facts{width:100%}table.facts th{width:14rem}table.facts th small{display:inline}"
    "code,pre{font-size:.85rem;overflow-wrap:anywhere;white-space:pre-wrap}pre{background:#f6f8fa;padding:.4rem}footer{font-size:.85rem}"
    ".decided{background:#fff3c4;font-weight:bold}.high,.bad{color:#b3121d}.alert{color:#b45309}.bad{font-weight:bold}"
    "@media print{body{background:none;font-size:10.5pt}header,main,footer{max-width:none;padding:0}main{border:0}"
    "a{color:inherit;text-decoration:none}tr,pre{break-inside:avoid}h2{break-after:avoid}.screen{display:none}@page{margin:15mm}}";

}  // namespace

std::string html_page(std::string_view title, std::string_view head, std::string_view body)
{
    std::string out;
    out.reserve(head.size() + body.size() + style.size() + 512);
    out.append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(html_escaped(title))
        .append("</title>\n")
        .append(head)
        .append("<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n")
        .append(body)
        .append("</body>\n</html>\n");
    return out;
}

}  // namespace yihong::http
