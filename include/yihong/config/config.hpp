#pragma once

#include "yihong/base/log.hpp"
#include "yihong/base/result.hpp"
#include "yihong/model/channel.hpp"
#include "yihong/model/device.hpp"
#include "yihong/model/forward.hpp"
#include "yihong/model/layer.hpp"
#include "yihong/reports/schedule.hpp"
#include "yihong/reports/settings.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Where to listen: a numeric IPv4 or IPv6 address, without brackets.
struct Endpoint {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                        ///< 0: a free port
    /// 127.0.0.0/8 or ::1 (本机)
    [[nodiscard]] bool is_loopback() const noexcept;
    bool operator==(Endpoint const&) const = default;
};
/// `127.0.0.1:8080`, `[::1]:8080`. Names are not resolved. \return Errc::bad_value
Result<Endpoint> parse_endpoint(std::string_view text);

/// A number with a unit: `500ms`, `10s`, `5m`, `3h`, `2d`. \return Errc::bad_value
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// `elevation < 400` or `elevation > 400`: the raster layer's id, a comparison, the limit in the raster's unit.
/// Fills `raster` and `below` or `above`. \return Errc::bad_value
Result<RasterZoneRule> parse_zone_rule(std::string_view text);

/// config/yihong.toml as plain values; the composition root hands them on. Every key has a default. Paths are absolute:
/// in the file, a relative path starts from the folder of the file. What each key means stands in config/yihong.toml.
struct Config {
    std::filesystem::path file;                    ///< that it was read from

    struct Server {
        Endpoint listen{"127.0.0.1", 8080};
        int threads = 0;                           ///< I/O threads; after loading at least 1 (0 in the file: one a processor)
        std::size_t target_limit_bytes = 8 * 1024;
        std::size_t header_limit_bytes = 16 * 1024;
        std::size_t header_count_limit = 100;
        std::size_t connection_limit = 10'000;
        std::size_t connections_per_peer_limit = 1'000;
        std::chrono::milliseconds header_deadline{10'000};
        std::chrono::milliseconds idle_deadline{60'000};
        std::size_t body_min_bytes_per_second = 1024;
        std::chrono::milliseconds write_deadline{30'000};
        std::chrono::milliseconds shutdown_deadline{10'000};
        std::vector<std::string> trusted_proxies;  ///< addresses or networks, `10.0.0.0/8`
        bool public_reads = true;
        std::string access_key_parameter = "access_token";
        std::vector<std::string> cors_origins{"*"};
        std::size_t response_cache_mb = 192;       ///< all finished replies kept in memory
        /// Whom the trusted proxies have signed in (单点登录): he may read; those named here, more.
        struct SignOn {
            std::string header;                    ///< in which they name him; empty: nobody is signed in so
            std::vector<std::string> operators;
            std::vector<std::string> administrators;
            bool operator==(SignOn const&) const = default;
        } sign_on;
        bool operator==(Server const&) const = default;
    };
    /// Encrypted, beside what listens plainly. Without `certificate` there is none.
    struct Tls {
        std::optional<Endpoint> listen;            ///< HTTPS
        std::optional<Endpoint> hj212;             ///< stations
        std::filesystem::path certificate;         ///< PEM, with its chain
        std::filesystem::path key;
        std::filesystem::path station_authorities; ///< who may sign the certificates of stations; empty: stations show none
        bool operator==(Tls const&) const = default;
    };
    struct Landing {                               ///< how the service introduces itself, at `/` and in `/api`
        std::string title = "一泓 Yihong";
        std::string description = "水与空气自动监测数据 Water and air monitoring data";
        std::string attribution;
        std::string contact_name;
        std::string contact_url;
        std::string contact_email;
        bool operator==(Landing const&) const = default;
    };
    struct Ogc {                                   ///< the collections under `/collections`
        bool hide_empty = false;                   ///< lists leave out those without a feature
        std::vector<int> epsg;                     ///< reference systems beside the usual ones; PROJ knows each
        bool operator==(Ogc const&) const = default;
    };
    struct Store {
        std::filesystem::path path;
        std::size_t cache_mb = 64;
        std::size_t frames_max_mb = 4096;          ///< of raw frames kept as evidence
        std::chrono::hours frames_max_age = std::chrono::days{365};
        std::size_t quarantine_max_mb = 512;       ///< of refused input; the oldest leaves first
        std::chrono::hours quarantine_max_age = std::chrono::days{365};
        std::chrono::milliseconds give_up_after{60'000};  ///< when the engine does not recover: then the service ends, to be started anew
        bool operator==(Store const&) const = default;
    };
    struct Intake {
        std::chrono::minutes future_tolerance{10};
        std::size_t body_limit_mb = 64;  ///< of one request, before and after decompression
        std::size_t queue_records = 400'000;  ///< waiting records before the answer is 503
        int earliest_year = 1990;  ///< measurements before it are refused
        std::size_t bodies_mb = 256;  ///< of the bodies of all requests in memory together
        bool operator==(Intake const&) const = default;
    };
    /// The HJ 212 gateway (数采仪接入). Without `listen` there is none.
    struct Gateway {
        std::optional<Endpoint> listen;
        int threads = 1;
        std::size_t segment_limit_bytes = 4096;  ///< the standard says 1,024; loggers exceed it
        std::size_t connection_limit = 20'000;
        std::size_t connections_per_source_limit = 2'000;  ///< loopback is exempt; many stations may share one address behind a carrier
        std::size_t frames_per_second_limit = 5'000;  ///< of a connection; it is read no faster
        std::size_t bytes_per_second_limit = 4 * 1024 * 1024;
        int refusals_limit = 5;  ///< in a row, then the connection is closed
        std::chrono::milliseconds first_frame_deadline{300'000};  ///< until the first frame of a known device
        std::chrono::milliseconds idle_deadline{5 * 3'600'000};  ///< without a byte; longer than the 4 h of a surface-water station
        std::chrono::milliseconds segment_deadline{30'000};  ///< until a frame that has begun is given up
        std::chrono::milliseconds split_deadline{60'000};  ///< until a missing part of split data is reported
        int key_days = 0;  ///< age of a key at which stations of HJ 212-2025 are given a new one; 0: only by command
        int refill_days = 7;  ///< how far back stations are asked for missing periods; 0: never
        std::chrono::milliseconds refill_interval{60'000};
        std::chrono::hours data_age_limit = std::chrono::days{3653};  ///< of what stations send; older DataTime is refused
        std::size_t frames_kept_mb_a_day = 32;  ///< of one device
        bool operator==(Gateway const&) const = default;
    };

    /// The page of the map (值班页面), built from the folder `console`.
    struct Console {
        /// A map of somebody else's under the console's own layers (底图): tiles of the Web Mercator scheme. The browsers fetch them, not the service.
        struct Basemap {
            std::string url;  ///< with {z}, {x}, {y}; empty: none
            std::string labels_url;  ///< names over it, likewise; may be empty
            std::string attribution;  ///< with its 审图号, as its owner wants it shown
            int max_zoom = 18;  ///< of its tiles; nearer, they are enlarged
            bool colours = false;  ///< as it is, instead of in grey under the colours of the classes
            bool operator==(Basemap const&) const = default;
        };
        std::filesystem::path folder;  ///< with `index.html`; need not exist
        Basemap basemap;
        bool operator==(Console const&) const = default;
    };

    Server server;
    Tls tls;
    Landing landing;
    ReportSettings reports;
    std::vector<ReportSchedule> report_schedules;
    Ogc ogc;
    Console console;
    Gateway gateway;
    std::vector<Device> devices;
    std::vector<Forward> forwards;
    NotifySettings notify;
    HeartbeatSettings heartbeat;
    std::vector<Channel> channels;
    Store store;
    Intake intake;
    std::filesystem::path standards_directory;
    std::vector<std::filesystem::path> site_files;
    /// The target class of water sections whose site file names none, by their level.
    std::map<std::string, int, std::less<>> default_target_class;
    std::vector<LayerDeclaration> layers;
    std::vector<RasterZoneRule> zones;
    std::optional<std::filesystem::path> alerts_file;  ///< none: default_alert_plan()
    std::chrono::hours keep_closed_alerts = std::chrono::days{30};  ///< in memory
    log::Level log_level = log::Level::info;
};

/// Reads the text of a config file. `file` names it in messages and is where relative paths start.
/// \return every problem of the file, in the order of its lines, each as `file:line:column: key: what is wrong`:
/// Errc::bad_syntax (only the first), unknown_field, missing_field, bad_value, duplicate_id
std::expected<Config, std::vector<Failure>> parse_config(std::string_view text, std::filesystem::path const& file);

/// As parse_config. \return Errc::broken_file when the file cannot be read
std::expected<Config, std::vector<Failure>> load_config(std::filesystem::path const& file);

}  // namespace yihong
