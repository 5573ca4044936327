#include "yihong/app/commands.hpp"

int main(int argc, char** argv) { return yihong::run(argc, argv); }
