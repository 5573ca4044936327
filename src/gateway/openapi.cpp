#include "yihong/gateway/routes.hpp"

namespace yihong::gateway {

std::string_view openapi_paths() noexcept
{
    return R"("/api/v1/devices":{"get":{"tags":["Devices"],"summary":"registered HJ 212 loggers and how they are doing; who was turned away","operationId":"getDevices","security":[{"bearer":[]},{"accessKey":[]}],
"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}},
"/api/v1/devices/{mn}":{"get":{"tags":["Devices"],"summary":"one logger","operationId":"getDevice","security":[{"bearer":[]},{"accessKey":[]}],
"parameters":[{"name":"mn","in":"path","description":"its MN","required":true,"style":"simple","explode":false,"schema":{"type":"string"}}],
"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}},
"/api/v1/devices/{mn}/completeness":{"get":{"tags":["Devices"],"summary":"which periods of the last days the station owes, by day of Beijing time","operationId":"getCompleteness","security":[{"bearer":[]},{"accessKey":[]}],
"parameters":[{"name":"mn","in":"path","description":"its MN","required":true,"style":"simple","explode":false,"schema":{"type":"string"}},
{"name":"datetime","in":"query","description":"days; without: the last seven","required":false,"style":"form","explode":false,"schema":{"type":"string"}}],
"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}},
"/api/v1/sites/{id}/readings/{time}/raw":{"get":{"tags":["Devices"],"summary":"the frames behind a record, byte by byte and decoded","operationId":"getRawFrames","security":[{"bearer":[]},{"accessKey":[]}],
"parameters":[{"name":"id","in":"path","description":"id of a site","required":true,"style":"simple","explode":false,"schema":{"type":"string"}},
{"name":"time","in":"path","description":"time of the record, RFC 3339 with an offset","required":true,"style":"simple","explode":false,"schema":{"type":"string","format":"date-time"}},
{"name":"interval","in":"query","description":"of the record; without: all","required":false,"style":"form","explode":false,"schema":{"type":"string","enum":["realtime","minute","hour","4h","day","sample"]}}],
"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object"}}}},
"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthorized"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"414":{"$ref":"#/components/responses/TargetTooLong"},"431":{"$ref":"#/components/responses/HeaderTooLarge"},"500":{"$ref":"#/components/responses/ServerError"},"503":{"$ref":"#/components/responses/Busy"}}}})";
}

}  // namespace yihong::gateway
