#include "commit_mark.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

namespace yihong::store_local {
namespace {

constexpr std::size_t line_length = 64;

std::filesystem::path file_in(std::filesystem::path const& directory) { return directory / "COMMITTED"; }

}  // namespace

std::optional<CommitMark::Note> CommitMark::read(std::filesystem::path const& directory)
{
    std::ifstream in{file_in(directory)};
    std::string word, state;
    Note note;
    std::int64_t at = 0;
    if (!(in >> word >> note.last.number >> at >> state) || word != "commit")
        return std::nullopt;
    note.last.at = UtcTime{std::chrono::milliseconds{at}};
    note.closed = state == "closed";
    return note;
}

CommitMark::CommitMark(std::filesystem::path const& directory, LastCommit const& last)
    : file_{::open(file_in(directory).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)}, last_{last}
{
    write(false);
}

CommitMark::~CommitMark()
{
    write(true);
    if (file_ >= 0)
        ::close(file_);
}

void CommitMark::put(LastCommit const& last) noexcept
{
    last_ = last;
    write(false);
}

void CommitMark::write(bool closed) noexcept
{
    if (file_ < 0)
        return;
    std::array<char, line_length> line{};
    line.fill(' ');
    line.back() = '\n';
    fmt::format_to_n(line.data(), line_length - 1, "commit {} {} {}", last_.number, last_.at.time_since_epoch().count(),
                     closed ? "closed" : "open");
    (void)!::pwrite(file_, line.data(), line.size(), 0);
}

}  // namespace yihong::store_local
