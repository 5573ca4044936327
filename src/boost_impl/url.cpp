#include <boost/version.hpp>
#if BOOST_VERSION < 108200   // later ones come as a library
#include <boost/url/src.hpp>
#endif
