#include "gdal_source.hpp"

#include "yihong/base/text.hpp"

#include <cpl_conv.h>
#include <gdal_frmts.h>
#include <ogrsf_frmts.h>

#include <filesystem>

#ifdef __has_feature                                           // GCC before 14 has no such word
#if __has_feature(thread_sanitizer)
#define YIHONG_UNDER_TSAN
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(YIHONG_UNDER_TSAN)
// GDAL makes a mutex while holding the global one, and may take the global one while holding the made: a cycle in the
// lock order on paper, but a mutex is made once, before anyone else can hold it. One thread alone sees the report.
extern "C" char const* __tsan_default_suppressions() { return "deadlock:libgdal.so\n"; }
#endif

namespace yihong::geo {
namespace {

/// The formats layers usually come in. Registering all of Debian's costs some 7 MB and the time of loading plug-ins.
void register_usual_drivers()
{
    RegisterOGRGeoPackage();
    RegisterOGRShape();
    RegisterOGRGeoJSON();
    RegisterOGRFlatGeobuf();
    RegisterOGRLIBKML();
    GDALRegister_GTiff();
    GDALRegister_VRT();
}

}  // namespace

GdalMessages::GdalMessages()
{
    auto const take = [](CPLErr level, CPLErrorNum, char const* text) {
        auto* const self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
        auto& list = level >= CE_Failure ? self->errors_ : self->warnings_;
        if (level >= CE_Warning && list.size() < 4)
            list.push_back(to_valid_utf8(text));
    };
    CPLPushErrorHandlerEx(take, this);
    CPLErrorReset();
}

GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

std::string GdalMessages::errors() const
{
    std::string all;
    for (auto const& text : errors_)
        all += (all.empty() ? "" : "; ") + text;
    return all.empty() ? "no reason given" : all;
}

void GdalMessages::clear()
{
    errors_.clear();
    warnings_.clear();
}

Result<DatasetPtr> open_dataset(std::string const& source, unsigned flags, char const* encoding)
{
    std::filesystem::path const path{source};
    std::error_code ignored;
    if (path.is_absolute() && !source.starts_with("/vsi") && !std::filesystem::exists(path, ignored))
        return fail(Errc::broken_file, "there is no such file; correct `source` or put the file there");

    std::string const option = std::string{"ENCODING="} + (encoding ? encoding : "");
    char const* const options[] = {encoding ? option.c_str() : nullptr, nullptr};
    register_usual_drivers();
    {
        GdalMessages const quiet;
        if (auto* d = GDALDataset::Open(source.c_str(), flags, nullptr, options))
            return DatasetPtr{d};
    }
    GDALAllRegister();
    GdalMessages const messages;
    if (auto* d = GDALDataset::Open(source.c_str(), flags | GDAL_OF_VERBOSE_ERROR, nullptr, options))
        return DatasetPtr{d};
    return fail(Errc::broken_file, "GDAL cannot open it (" + messages.errors() + "); check the file with ogrinfo or gdalinfo");
}

std::shared_ptr<Layer> declared_layer(LayerDeclaration const& declaration)
{
    auto layer = std::make_shared<Layer>();
    layer->id = declaration.id;
    layer->title = declaration.title;
    layer->title_en = declaration.title_en;
    layer->description = declaration.description;
    layer->attribution = declaration.attribution;
    layer->license = declaration.license;
    layer->accuracy_m = declaration.accuracy_m;
    layer->role = declaration.role;
    return layer;
}

Failure layer_failure(Errc code, LayerDeclaration const& declaration, std::string const& text)
{
    return {code, "layer \"" + declaration.id + "\": " + declaration.source + ": " + text};
}

}  // namespace yihong::geo
