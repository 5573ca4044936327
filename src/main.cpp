#include "yihong/app/commands.hpp"

#include <malloc.h>

#include <algorithm>
#include <thread>

int main(int argc, char** argv)
{
    // As many pools of memory as threads run at once: glibc gives every thread one of its own, in which what a burst took stays.
    mallopt(M_ARENA_MAX, static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, 64U)));
    return yihong::run(argc, argv);
}
