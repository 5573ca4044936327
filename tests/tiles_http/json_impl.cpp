// Boost.JSON, compiled once for the tests: an independent reader of what the pages write.
#include <boost/json/src.hpp>
