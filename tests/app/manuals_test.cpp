#include "process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

/// The manuals in docs/ and docs/zh/ say the same, and name nothing that is not there.
namespace yihong::e2e {
namespace {

std::vector<std::string> const manuals{"duty-officer.md", "operator.md", "analyst.md"};

/// One part of a page, from a heading to the next.
struct Section {
    std::size_t level = 0;
    std::string heading;
    std::vector<std::string> code;     ///< lines of fenced examples, without their comments
    std::vector<std::string> inlined;  ///< what stands `so` in the text, sorted
    std::size_t items = 0;             ///< of lists
    std::size_t rows = 0;              ///< of tables
};

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// `yihong check   # every problem` without its comment.
std::string without_comment(std::string line)
{
    for (auto at = line.find('#'); at != std::string::npos; at = line.find('#', at + 1))
        if (at == 0 || line[at - 1] == ' ') {
            line.resize(at);
            break;
        }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

void take_inlined(std::string const& line, Section& section)
{
    for (auto open = line.find('`'); open != std::string::npos;) {
        auto const close = line.find('`', open + 1);
        if (close == std::string::npos)
            return;
        section.inlined.push_back(line.substr(open + 1, close - open - 1));
        open = line.find('`', close + 1);
    }
}

std::vector<Section> sections_of(std::string const& page)
{
    std::vector<Section> sections;
    bool in_code = false;
    for (auto const& line : lines_of(page)) {
        if (line.starts_with("```")) {
            in_code = !in_code;
            continue;
        }
        if (in_code) {
            if (auto const code = without_comment(line); !code.empty())
                sections.back().code.push_back(code);
            continue;
        }
        if (line.starts_with('#')) {
            auto const level = line.find(' ');
            sections.push_back({.level = level, .heading = line.substr(level + 1), .code = {}, .inlined = {}});
        }
        if (sections.empty())
            continue;
        take_inlined(line, sections.back());
        sections.back().items += std::regex_search(line, std::regex{"^ *(-|[0-9]+\\.) "});
        sections.back().rows += line.starts_with('|');
    }
    for (auto& section : sections)
        std::ranges::sort(section.inlined);
    return sections;
}

TEST(Manuals, SayTheSameInBothLanguages)
{
    for (auto const& name : manuals) {
        auto const english = sections_of(read_file(source_dir / "docs" / name));
        auto const chinese = sections_of(read_file(source_dir / "docs/zh" / name));
        ASSERT_EQ(english.size(), chinese.size()) << name;
        for (std::size_t i = 0; i < english.size(); ++i) {
            auto const where = name + ": " + english[i].heading + " / " + chinese[i].heading;
            EXPECT_EQ(english[i].level, chinese[i].level) << where;
            auto const number = [](std::string const& heading) { return heading.substr(0, heading.find(". ")); };
            if (english[i].level == 2)
                EXPECT_EQ(number(english[i].heading), number(chinese[i].heading)) << where;
            EXPECT_EQ(english[i].code, chinese[i].code) << where;
            EXPECT_EQ(english[i].inlined, chinese[i].inlined) << where;
            EXPECT_EQ(english[i].items, chinese[i].items) << where;
            EXPECT_EQ(english[i].rows, chinese[i].rows) << where;
        }
    }
}

/// All examples and all that stands `so`, of all manuals.
std::set<std::string> named_code()
{
    std::set<std::string> all;
    for (auto const& name : manuals)
        for (auto const& section : sections_of(read_file(source_dir / "docs" / name))) {
            all.insert(section.code.begin(), section.code.end());
            all.insert(section.inlined.begin(), section.inlined.end());
        }
    return all;
}

std::vector<std::string> words_of(std::string const& text)
{
    std::vector<std::string> words;
    std::istringstream in{text};
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

/// The arguments of `yihong` in a line, from the command on; none where it is not called.
std::vector<std::string> arguments_of_yihong(std::string const& line)
{
    auto const words = words_of(line);
    auto const program = !words.empty() && words.front() == "yihong" ? words.begin() : std::ranges::find(words, "bin/yihong");
    return program == words.end() ? std::vector<std::string>{} : std::vector<std::string>{program + 1, words.end()};
}

TEST(Manuals, NameCommandsAndOptionsThatThereAre)
{
    std::set<std::vector<std::string>> seen;
    for (auto const& line : named_code()) {
        auto const arguments = arguments_of_yihong(line);
        if (arguments.empty())
            continue;
        std::vector<std::string> command{arguments.front()};
        if ((command.front() == "token" || command.front() == "quarantine") && arguments.size() > 1)
            command.push_back(arguments[1]);
        auto asked = command;
        asked.emplace_back("--help");
        auto const help = yihong(asked);
        ASSERT_EQ(help.code, 0) << line;
        seen.insert(command);
        for (auto const& argument : arguments)
            if (argument.starts_with('-') && argument.size() > 1)
                EXPECT_NE(help.out.find(argument), std::string::npos) << line << ": there is no " << argument;
    }
    for (std::vector<std::string> const& command : std::vector<std::vector<std::string>>{
             {"check"}, {"station"}, {"backtest"}, {"import"}, {"backup"}, {"serve"}, {"token", "create"}, {"quarantine", "drop"}})
        EXPECT_TRUE(seen.contains(command)) << command.front() << " is in no manual";
}

/// What an address names of the service: its path, with `$A` as it is set in the example. \return nothing where it names none
std::optional<std::string> path_in(std::string const& word)
{
    auto text = word;
    if (auto const at = text.find("$A/"); at != std::string::npos)
        text = "/api/v1/alerts/ID" + text.substr(at + 2);
    for (std::string const base : {"$U", "http://127.0.0.1:8080"})
        if (auto const at = text.find(base + "/"); at != std::string::npos)
            text = text.substr(at + base.size());
    static std::regex const beginning{"^/(api|collections|metrics|readyz|healthz|conformance)([/?.\"]|$)"};
    if (!std::regex_search(text, beginning))
        return std::nullopt;
    return text.substr(0, text.find_first_of("?\"'"));
}

bool fits(std::string const& pattern, std::string const& path)
{
    auto const parts = [](std::string const& text) {
        std::vector<std::string> all;
        std::istringstream in{text};
        for (std::string part; std::getline(in, part, '/');)
            all.push_back(part);
        return all;
    };
    auto const wanted = parts(pattern);
    auto const given = parts(path);
    return std::ranges::equal(wanted, given, [](std::string const& a, std::string const& b) { return a.starts_with('{') || a == b; });
}

TEST(Manuals, NameRoutesThatThereAre)
{
    TemporaryFolder const folder;
    auto const tables = yihong({"api-tables", "--config", small_config(folder.path()), "--data", folder / "data"});
    ASSERT_EQ(tables.code, 0) << tables.err;
    std::set<std::string> patterns;
    static std::regex const row{"^\\| `(GET|POST|DELETE) ([^`]*)` \\| [a-z]+ \\|"};
    for (auto const& line : lines_of(tables.out))
        if (std::smatch found; std::regex_search(line, found, row))
            patterns.insert(found[2]);
    ASSERT_GT(patterns.size(), 40U);
    auto const is_route = [&](std::string const& path) {
        return std::ranges::any_of(patterns, [&](std::string const& pattern) { return fits(pattern, path); });
    };
    std::size_t seen = 0;
    for (auto const& code : named_code())
        for (auto const& word : words_of(code))
            if (auto const path = path_in(word)) {
                ++seen;
                EXPECT_TRUE(is_route(*path)) << word;
            }
    EXPECT_GT(seen, 30U);
    for (std::string const step : {"/reopen", "/silence"})
        EXPECT_TRUE(is_route("/api/v1/alerts/ID" + step));
}

TEST(Manuals, NameKeysAndMembersThatThereAre)
{
    std::string known;
    for (auto const* file : {"config/yihong.toml", "config/alerts.toml", "docs/api.md", "docs/data-model.md", "docs/alerts.md",
                             "docs/operations.md", "docs/notifications.md", "docs/hj212.md"})
        known += read_file(source_dir / file);
    static std::regex const table{"^\\[+[a-z_]+\\]+$"};
    static std::regex const key{"^[a-z_]+( = .*)?$"};
    for (auto const& code : named_code()) {
        if (std::regex_match(code, table))
            EXPECT_NE(known.find(code), std::string::npos) << "there is no table " << code;
        else if (std::regex_match(code, key)) {
            auto name = code.substr(0, code.find(' '));
            if (name.starts_with("yihong_"))
                name = name.substr(7);                 // the list of the metrics leaves the prefix out
            EXPECT_NE(known.find(name), std::string::npos) << "nothing is called " << code;
        }
    }
}

/// The name by which a heading can be linked to.
std::string anchor_of(std::string const& heading)
{
    std::string anchor;
    auto text = heading;
    for (std::string const mark : {"，", "、", "：", "（", "）", "？", "。"})
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.erase(at, mark.size());
    for (char const c : text) {
        if (c == ' ')
            anchor += '-';
        else if (c >= 'A' && c <= 'Z')
            anchor += static_cast<char>(c - 'A' + 'a');
        else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80)
            anchor += c;
    }
    return anchor;
}

TEST(Documents, LinkToFilesAndHeadingsThatThereAre)
{
    std::vector<std::filesystem::path> pages{source_dir / "README.md", source_dir / "README.zh-CN.md"};
    for (auto const& entry : std::filesystem::recursive_directory_iterator{source_dir / "docs"})
        if (entry.path().extension() == ".md")
            pages.push_back(entry.path());
    static std::regex const link{"\\]\\(([^)# ]*)(#([^)]*))?\\)"};
    std::size_t seen = 0;
    for (auto const& page : pages) {
        auto const text = read_file(page);
        for (std::sregex_iterator found{text.begin(), text.end(), link}; found != std::sregex_iterator{}; ++found) {
            std::string const target = (*found)[1];
            if (target.find("://") != std::string::npos || target.starts_with("mailto:"))
                continue;
            ++seen;
            auto const file = target.empty() ? page : page.parent_path() / target;
            ASSERT_TRUE(std::filesystem::exists(file)) << page << " links to " << target;
            std::string const anchor = (*found)[3];
            if (anchor.empty())
                continue;
            auto const sections = sections_of(read_file(file));
            EXPECT_TRUE(std::ranges::any_of(sections, [&](Section const& section) { return anchor_of(section.heading) == anchor; }))
                << page << " links to " << target << "#" << anchor;
        }
    }
    EXPECT_GT(seen, 50U);
}

}  // namespace
}  // namespace yihong::e2e
