/// A zip archive made in memory by libzip. The same files make the same bytes: every file has the same date.

import CLibzip
import Glibc

/// Memory safety: each file's bytes are copied to memory of the C library's, which libzip frees (`freep`); the archive's are read back from
/// libzip's own growing buffer, which `zip_source_keep` holds beyond the close.
struct ZipWriter {
    /// `files`: paths, each once, with their contents. Throws `KnowledgeImportError`: no memory, or a path that zip cannot have.
    static func archive(_ files: [(path: String, bytes: [UInt8])]) throws(KnowledgeImportError) -> [UInt8] {
        guard !files.isEmpty else { return empty }
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        let failure = KnowledgeImportError("the archive could not be written")
        guard let target = zip_source_buffer_create(nil, 0, 0, &error) else { throw failure }
        // Ours beside the archive's: freed on every way out.
        zip_source_keep(target)
        defer { zip_source_free(target) }
        guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &error) else {
            zip_source_free(target)
            throw failure
        }
        var isClosed = false
        defer { if !isClosed { zip_discard(archive) } }
        for file in files {
            guard let copy = malloc(max(1, file.bytes.count)) else { throw failure }
            file.bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
            guard let source = zip_source_buffer(archive, copy, UInt64(file.bytes.count), 1) else {
                free(copy)
                throw failure
            }
            let index = zip_file_add(archive, file.path, source, ZIP_FL_ENC_UTF_8)
            guard index >= 0 else {
                zip_source_free(source)
                throw KnowledgeImportError(at: ImportPlace(file: file.path), "the file could not be added to the archive")
            }
            // 1980-01-01, the first day that zip knows.
            guard zip_file_set_dostime(archive, UInt64(index), 0, 1 << 5 | 1, 0) == 0 else { throw failure }
        }
        guard zip_close(archive) == 0 else { throw failure }
        isClosed = true
        return try content(of: target)
    }

    /// The end of a central directory, of nothing: libzip writes no archive without files.
    private static let empty: [UInt8] = [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 18)

    private static func content(of source: OpaquePointer) throws(KnowledgeImportError) -> [UInt8] {
        let failure = KnowledgeImportError("the archive could not be written")
        var stat = zip_stat_t()
        zip_stat_init(&stat)
        guard zip_source_stat(source, &stat) == 0, zip_source_open(source) == 0 else { throw failure }
        defer { zip_source_close(source) }
        var bytes = [UInt8](repeating: 0, count: Int(stat.size))
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { zip_source_read(source, $0 + count, UInt64(buffer.count - count)) } ?? -1
            }
            guard read > 0 else { throw failure }
            count += Int(read)
        }
        return bytes
    }
}
