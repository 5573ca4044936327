-- wrk [options] -s bench/wrk.lua URL -- [FILE]
-- With FILE, which holds one path a line, every request takes one of them at random. Ends with one line for run.sh:
-- result REQUESTS_A_SECOND P99_MS FAILED
local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local ready = {}
function init(args)
    if not args[1] then return end
    math.randomseed(4711 * number)
    for path in io.lines(args[1]) do
        ready[#ready + 1] = wrk.format("GET", path)
    end
    request = function() return ready[math.random(#ready)] end
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("result %.0f %.3f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(99) / 1e3,
        e.connect + e.read + e.write + e.status + e.timeout))
end
