#pragma once

#include "yihong/write/writer.hpp"

#include <memory>
#include <mutex>

namespace yihong {

/// Through whom standards, sites, layers and rules are replaced while the service runs: by one at a time, since each makes the new world from
/// the one that it finds, and two at once would undo each other. Any thread.
class WorldKeeper {
public:
    /// `writer` outlives the keeper.
    explicit WorldKeeper(Writer& writer) : writer_{writer} {}

    /// While it lives, nobody else replaces the world. It must not outlive its keeper, and belongs to one thread.
    class Turn {
    public:
        /// Returns when the new state is published.
        void replace(std::shared_ptr<World const> world);

    private:
        friend WorldKeeper;
        explicit Turn(WorldKeeper& keeper) : alone_{keeper.replacing_}, writer_{keeper.writer_} {}
        std::unique_lock<std::mutex> alone_;
        Writer& writer_;
    };
    /// Waits for the turns of others to end.
    [[nodiscard]] Turn take_turn() { return Turn{*this}; }

private:
    Writer& writer_;
    std::mutex replacing_;
};

}  // namespace yihong
