// The request bodies: files mapped into memory and touched before the clock starts, so that sending one costs the client a
// copy into the socket and nothing else.
import Glibc

struct Failure: Error {
    var message: String

    static func system(_ what: String) -> Failure { Failure(message: "\(what): \(String(cString: strerror(errno)))") }
}

/// One file, mapped for as long as the process lives.
struct Body {
    let bytes: UnsafeRawBufferPointer

    init(path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Failure.system(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { throw Failure(message: "\(path) is empty") }
        let length = Int(status.st_size)
        guard let address = mmap(nil, length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0), address != MAP_FAILED else {
            throw Failure.system(path)
        }
        bytes = UnsafeRawBufferPointer(start: address, count: length)
    }

    /// The files of a directory whose names end in `suffix`, in the order of their names.
    static func all(in directory: String, suffix: String) throws -> [Body] {
        guard let stream = opendir(directory) else { throw Failure.system(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        guard !names.isEmpty else { throw Failure(message: "no *\(suffix) in \(directory)") }
        return try names.sorted().map { try Body(path: directory + "/" + $0) }
    }
}
