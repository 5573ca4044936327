#include "process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace yihong::api {

ProcessFigures process_figures()
{
    ProcessFigures figures;
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        auto const seconds = [](timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
        figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    std::size_t size = 0;
    std::size_t resident = 0;
    std::size_t mapped = 0;
    if (std::ifstream{"/proc/self/statm"} >> size >> resident >> mapped) {
        auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        figures.resident_bytes = resident * page;
        figures.own_bytes = (resident - mapped) * page;
    }
    std::error_code ec;
    for (std::filesystem::directory_iterator it{"/proc/self/fd", ec}, end; !ec && it != end; it.increment(ec))
        ++figures.open_files;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        figures.open_files_limit = static_cast<std::size_t>(limit.rlim_cur);
    return figures;
}

}  // namespace yihong::api
