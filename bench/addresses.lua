-- wrk asks for the addresses of a file in turn, and tells what it saw as JSON.

local addresses = {}

function init(args)
  for line in io.lines(args[1]) do
    table.insert(addresses, wrk.format("GET", line))
  end
end

local place = 0
function request()
  place = place % #addresses + 1
  return addresses[place]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'JSON {"requests": %d, "seconds": %f, "failed": %d, '
      .. '"p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000))
end
