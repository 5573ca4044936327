// fuzzes: cql2
#include "cql2_trees.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    check_tree(yihong::cql2::parse_json({reinterpret_cast<char const*>(data), size}));
    return 0;
}
