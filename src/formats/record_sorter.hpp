#pragma once

#include "positioned_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::formats {

/// Puts records into the order of their keys (外部归并排序), in bounded memory however many come: what fills it is sorted and written as a run, and at the
/// end all runs are read side by side.
class RecordSorter {
public:
    /// \param file where the runs wait, nameless and only if there are any \param memory bytes of it, about; a record may be larger
    RecordSorter(std::filesystem::path file, std::size_t memory);

    /// \throws std::runtime_error where the disk refuses
    void add(std::uint64_t key, std::string_view record);
    /// Once, at the end: `take` gets each record in the order of the keys, and those of one key in the order in which they came. \throws as `add`, and where
    /// the file has lost what was written
    void for_each(std::function<void(std::string_view)> const& take);

private:
    struct Held {
        std::uint64_t key;
        std::size_t at;  ///< in `bytes_`
        std::size_t size;
    };
    struct Extent {
        std::uint64_t begin;
        std::uint64_t end;
    };
    void sort_held();
    void write_run();
    void merge(std::function<void(std::string_view)> const& take) const;

    std::filesystem::path name_;
    std::size_t memory_;
    std::string bytes_;
    std::vector<Held> held_;
    std::optional<PositionedFile> file_;
    std::vector<Extent> runs_;
};

}  // namespace yihong::formats
