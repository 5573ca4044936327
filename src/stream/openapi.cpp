#include "yihong/stream/streams.hpp"

namespace yihong::stream {

std::string_view openapi_paths() noexcept
{
    return R"("/api/v1/stream":{"get":{"tags":["Streams"],"summary":"what happens, as it happens, as server-sent events; goes on behind Last-Event-ID","operationId":"getStream",
"parameters":[{"name":"bbox","in":"query","description":"west, south, east, north; only sites with a position in it","required":false,"style":"form","explode":false,"schema":{"type":"array","minItems":4,"maxItems":4,"items":{"type":"number"}}},
{"name":"kind","in":"query","required":false,"style":"form","explode":false,"schema":{"type":"array","items":{"type":"string","enum":["water_section","lake_section","air_station","outfall","wastewater_plant"]}}},
{"name":"river","in":"query","required":false,"style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}},
{"name":"county","in":"query","required":false,"style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}},
{"name":"site","in":"query","description":"ids","required":false,"style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}},
{"name":"type","in":"query","description":"types of event, or their first words: alert stands for alert.opened too","required":false,"style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}},
{"name":"last_event_id","in":"query","description":"as Last-Event-ID, where that cannot be set","required":false,"schema":{"type":"string"}},
{"name":"Last-Event-ID","in":"header","required":false,"schema":{"type":"string"}}],
"responses":{"200":{"description":"events: id, event (the type), data, JSON in one line","content":{"text/event-stream":{"schema":{"type":"string"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}},
"/api/v1/ws":{"get":{"tags":["Streams"],"summary":"the same over a WebSocket, one JSON text an event; takes the same parameters","operationId":"getWebSocket",
"parameters":[{"name":"last_event_id","in":"query","description":"the id of the last message","required":false,"schema":{"type":"string"}}],
"responses":{"101":{"description":"messages {id, type, time, site, data}"},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"414":{"$ref":"#/components/responses/TargetTooLong"},
"426":{"description":"no upgrade to a WebSocket was asked for","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}},
"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}})";
}

}  // namespace yihong::stream
