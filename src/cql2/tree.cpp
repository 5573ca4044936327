#include "yihong/cql2/tree.hpp"

namespace yihong::cql2 {

bool Interval::operator==(Interval const& other) const { return ends == other.ends; }
bool Array::operator==(Array const& other) const { return elements == other.elements; }
bool Call::operator==(Call const& other) const { return op == other.op && function == other.function && arguments == other.arguments; }
bool Node::operator==(Node const& other) const { return what == other.what; }

}  // namespace yihong::cql2
