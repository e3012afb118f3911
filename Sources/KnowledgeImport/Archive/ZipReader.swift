/// A zip archive in memory, read by libzip, within limits: nothing is unpacked before its size is known and allowed, and never more than that.

import CLibzip

/// Memory safety: libzip keeps pointers to the archive's bytes until it is closed; they are copied once into memory that this object owns and
/// frees behind the close.
final class ZipReader {
    struct File {
        var index: UInt64
        /// Checked: relative, in UTF-8, with no way out of the folder.
        var path: String
        var byteCount: Int
    }

    private let archive: OpaquePointer
    private let bytes: UnsafeMutableRawBufferPointer
    /// In the order of the archive. Folders are left out.
    private(set) var files: [File] = []
    private(set) var problems: [ImportProblem] = []

    /// Throws `KnowledgeImportError`: no archive, or one beyond the limits.
    init(_ content: [UInt8]) throws(KnowledgeImportError) {
        guard content.count <= KnowledgeImportLimits.maximumArchiveByteCount else {
            throw KnowledgeImportError(
                "the archive has \(content.count) bytes; at most \(KnowledgeImportLimits.maximumArchiveByteCount) are read")
        }
        // libzip takes no bytes at all for an archive without files.
        guard !content.isEmpty else { throw KnowledgeImportError("the archive is empty") }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, content.count), alignment: 1)
        content.withUnsafeBytes { copy.copyMemory(from: $0) }
        bytes = copy
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(bytes.baseAddress, UInt64(content.count), 0, &error) else {
            bytes.deallocate()
            throw KnowledgeImportError("there is no memory for the archive")
        }
        guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
            let reason = String(cString: zip_error_strerror(&error))
            zip_source_free(source)
            bytes.deallocate()
            throw KnowledgeImportError("this is no zip archive that can be read: \(reason)")
        }
        self.archive = archive
        try list()
    }

    deinit {
        zip_discard(archive)
        bytes.deallocate()
    }

    private func list() throws(KnowledgeImportError) {
        let count = Int(zip_get_num_entries(archive, 0))
        guard count <= KnowledgeImportLimits.maximumFileCount else {
            throw KnowledgeImportError("the archive has \(count) files; at most \(KnowledgeImportLimits.maximumFileCount) are read")
        }
        var paths: Set<String> = []
        var total = 0
        for index in 0..<UInt64(max(0, count)) {
            let place = "entry \(index + 1)"
            var stat = zip_stat_t()
            zip_stat_init(&stat)
            let needed = UInt64(ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD)
            guard zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) == 0, stat.valid & needed == needed,
                let name = zip_get_name(archive, index, ZIP_FL_ENC_RAW)
            else {
                report(place, "the archive is damaged here")
                continue
            }
            guard let path = String(validatingCString: name) else {
                report(place, "the name is not UTF-8")
                continue
            }
            if path.hasSuffix("/"), stat.size == 0 { continue }
            if let problem = Self.problem(of: path) {
                report(place, "\(problem): '\(ImportedText.heading(path, maximumByteCount: 256))'")
                continue
            }
            guard !isSymbolicLink(index) else {
                report(path, "a symbolic link; links are not followed")
                continue
            }
            guard stat.encryption_method == UInt16(ZIP_EM_NONE) else {
                report(path, "the file is encrypted")
                continue
            }
            guard paths.insert(path).inserted else {
                report(path, "another file of the archive has this name; the first counts")
                continue
            }
            let ratioLimit = stat.comp_size.multipliedReportingOverflow(by: UInt64(KnowledgeImportLimits.maximumCompressionRatio))
            if stat.size >= UInt64(KnowledgeImportLimits.minimumRatioByteCount), !ratioLimit.overflow, stat.size > ratioLimit.partialValue {
                report(
                    path, "the file is packed to less than 1/\(KnowledgeImportLimits.maximumCompressionRatio) of its size, as no text is")
                continue
            }
            guard let byteCount = Int(exactly: stat.size), byteCount <= KnowledgeImportLimits.maximumUnpackedByteCount - total else {
                throw KnowledgeImportError(
                    at: ImportPlace(file: path),
                    "the files of the archive have more than \(KnowledgeImportLimits.maximumUnpackedByteCount >> 20) MiB")
            }
            total += byteCount
            files.append(File(index: index, path: path, byteCount: byteCount))
        }
    }

    private func report(_ file: String, _ message: String) {
        problems.append(ImportProblem(at: ImportPlace(file: file), message))
    }

    /// Why a path is not taken; nil if it is.
    static func problem(of path: String) -> String? {
        if path.isEmpty { return "the name is empty" }
        if path.utf8.count > KnowledgeImportLimits.maximumPathByteCount { return "the name is too long" }
        if path.hasPrefix("/") || path.hasPrefix("\\") || path.dropFirst().hasPrefix(":") { return "the path is absolute" }
        if path.utf8.contains(UInt8(ascii: "\\")) { return "the path has a backslash" }
        if path.unicodeScalars.contains(where: ImportedText.isControl) { return "the name has control characters" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") { return "the path leads out of the folder" }
        return parts.contains { $0.isEmpty || $0 == "." } ? "the path has empty parts" : nil
    }

    private func isSymbolicLink(_ index: UInt64) -> Bool {
        var system: UInt8 = 0
        var attributes: UInt32 = 0
        guard zip_file_get_external_attributes(archive, index, 0, &system, &attributes) == 0, system == UInt8(ZIP_OPSYS_UNIX) else {
            return false
        }
        // The upper half is st_mode; S_IFMT and S_IFLNK.
        return attributes >> 16 & 0o170000 == 0o120000
    }

    /// A file's bytes: exactly as many as the archive's directory says. Throws `ImportProblem`.
    func read(_ file: File) throws(ImportProblem) -> [UInt8] {
        func damaged(_ reason: String) -> ImportProblem { ImportProblem(at: ImportPlace(file: file.path), reason) }
        guard let handle = zip_fopen_index(archive, file.index, 0) else {
            throw damaged("the file cannot be unpacked: \(String(cString: zip_strerror(archive)))")
        }
        defer { zip_fclose(handle) }
        // One byte more than announced, to see that there is none, and the checksum behind the last.
        var content = [UInt8](repeating: 0, count: file.byteCount + 1)
        var count = 0
        while count < content.count {
            let read = content.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { zip_fread(handle, $0 + count, UInt64(buffer.count - count)) } ?? -1
            }
            guard read >= 0 else { throw damaged("the file cannot be unpacked: \(String(cString: zip_file_strerror(handle)))") }
            if read == 0 { break }
            count += Int(read)
        }
        guard count == file.byteCount else { throw damaged("the file has not the \(file.byteCount) bytes that the archive says") }
        content.removeLast()
        return content
    }
}
