#pragma once

#include <string>
#include <vector>

namespace yihong {

/// What is printed on a report beside its figures.
struct PrintOptions {
    std::string root_url = {};  ///< of the service: every section links to its records; empty: no links
    std::string publisher = {};  ///< whose report it is (编制单位); empty: left to be written in
    std::string number = {};  ///< 期号: the 10 of 第10期; empty: left to be written in
    int version = 1;  ///< 2: handed out again
    std::vector<std::string> notes = {};  ///< first among the notes of the report
};

}  // namespace yihong
