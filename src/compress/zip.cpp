#include "yihong/compress/zip.hpp"

#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace yihong {
namespace {

/// What minizip takes for a file.
struct Memory {
    std::string bytes;
    std::size_t at = 0;
};

Memory& memory_of(voidpf stream) { return *static_cast<Memory*>(stream); }

voidpf open_memory(voidpf memory, void const*, int) { return memory; }
int close_memory(voidpf, voidpf) { return 0; }
int error_of(voidpf, voidpf) { return 0; }
ZPOS64_T tell(voidpf, voidpf stream) { return memory_of(stream).at; }

uLong read_memory(voidpf, voidpf stream, void* into, uLong wanted)
{
    auto& memory = memory_of(stream);
    auto const size = std::min<std::size_t>(wanted, memory.bytes.size() - std::min(memory.at, memory.bytes.size()));
    if (size > 0)
        std::memcpy(into, memory.bytes.data() + memory.at, size);
    memory.at += size;
    return size;
}

uLong write_memory(voidpf, voidpf stream, void const* from, uLong size)
{
    auto& memory = memory_of(stream);
    memory.bytes.resize(std::max(memory.bytes.size(), memory.at + size));
    if (size > 0)
        std::memcpy(memory.bytes.data() + memory.at, from, size);
    memory.at += size;
    return size;
}

long seek(voidpf, voidpf stream, ZPOS64_T offset, int origin)
{
    auto& memory = memory_of(stream);
    std::size_t const from = origin == ZLIB_FILEFUNC_SEEK_SET ? 0 : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory.at : memory.bytes.size();
    if (offset > memory.bytes.size() - std::min(from, memory.bytes.size()))
        return -1;
    memory.at = from + offset;
    return 0;
}

zlib_filefunc64_def functions_of(Memory& memory)
{
    return {.zopen64_file = open_memory,
            .zread_file = read_memory,
            .zwrite_file = write_memory,
            .ztell64_file = tell,
            .zseek64_file = seek,
            .zclose_file = close_memory,
            .zerror_file = error_of,
            .opaque = &memory};
}

struct UnzipCloser {
    void operator()(void* archive) const noexcept { unzClose(archive); }
};

std::unexpected<Failure> broken() { return fail(Errc::broken_file, "文件不是完整的 ZIP 压缩包 it is no whole ZIP archive"); }

/// The file that the archive stands at.
Result<ZipPart> read_part(unzFile archive, std::size_t room)
{
    unz_file_info64 info{};
    std::array<char, 1024> name{};
    if (unzGetCurrentFileInfo64(archive, &info, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) != UNZ_OK)
        return broken();
    if (info.uncompressed_size > room)
        return fail(Errc::too_large, "文件解压后过大 it takes too much unpacked");
    if (unzOpenCurrentFile(archive) != UNZ_OK)
        return broken();
    ZipPart part{name.data(), std::string(info.uncompressed_size, '\0')};
    int const read = unzReadCurrentFile(archive, part.content.data(), static_cast<unsigned>(part.content.size()));
    bool const sound = unzCloseCurrentFile(archive) == UNZ_OK;
    if (!sound || read != static_cast<int>(part.content.size()))
        return broken();
    return part;
}

}  // namespace

Result<std::vector<ZipPart>> unpack(std::string_view archive, std::size_t limit_bytes)
{
    Memory memory{std::string{archive}, 0};
    auto functions = functions_of(memory);
    std::unique_ptr<void, UnzipCloser> const reading{unzOpen2_64("", &functions)};
    if (!reading)
        return broken();
    std::vector<ZipPart> parts;
    std::size_t size = 0;
    for (int at = unzGoToFirstFile(reading.get()); at == UNZ_OK; at = unzGoToNextFile(reading.get())) {
        auto part = read_part(reading.get(), limit_bytes - size);
        if (!part)
            return std::unexpected{part.error()};
        size += part->content.size();
        if (!part->name.ends_with('/'))                    // folders have no content
            parts.push_back(*std::move(part));
    }
    return parts;
}

std::string pack(std::vector<ZipPart> const& parts)
{
    Memory memory;
    auto functions = functions_of(memory);
    auto* const archive = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &functions);
    if (archive == nullptr)
        throw std::runtime_error{"no archive can be made"};
    zip_fileinfo info{};
    info.dosDate = 0x0021'0000;                            // 1980-01-01, the first day that the format has
    bool sound = true;
    for (auto const& part : parts) {
        sound = sound && zipOpenNewFileInZip64(archive, part.name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED,
                                               Z_DEFAULT_COMPRESSION, 0) == ZIP_OK;
        sound = sound && zipWriteInFileInZip(archive, part.content.data(), static_cast<unsigned>(part.content.size())) == ZIP_OK;
        sound = sound && zipCloseFileInZip(archive) == ZIP_OK;
    }
    if (zipClose(archive, nullptr) != ZIP_OK || !sound)
        throw std::runtime_error{"an archive cannot be written"};
    return std::move(memory.bytes);
}

}  // namespace yihong
