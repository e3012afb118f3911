/// Certificate and key as the operator names them, and the context in use: read at the start, read again when told to.

import NIOHTTP2
import NIOSSL
import Synchronization

/// Where the PEM files lie.
package struct TLSFiles: Equatable, Sendable {
    /// The server's certificate, then those between it and a root that clients know.
    package var certificatePath: String
    package var keyPath: String

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}

/// Why certificate or key cannot be used. Names the file, never what is in it.
package struct TLSError: Error, Sendable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}

/// The TLS context that new connections get. A connection keeps the one it began with: reloading cuts nobody off.
package final class CurrentTLSContext: Sendable {
    private let files: TLSFiles
    private let context: Mutex<NIOSSLContext>

    package init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        context = Mutex(try Self.load(files))
    }

    var value: NIOSSLContext { context.withLock { $0 } }

    /// Reads the files again. Where that fails the context in use stays.
    package func reload() throws(TLSError) {
        let fresh = try Self.load(files)
        context.withLock { $0 = fresh }
    }

    private static func load(_ files: TLSFiles) throws(TLSError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath) } catch {
            throw TLSError(message: "the certificate \(files.certificatePath) cannot be read as PEM")
        }
        guard !chain.isEmpty else { throw TLSError(message: "there is no certificate in \(files.certificatePath)") }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: files.keyPath, format: .pem) } catch {
            throw TLSError(message: "the key \(files.keyPath) cannot be read as PEM without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = NIOHTTP2SupportedALPNProtocols
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw TLSError(message: "certificate \(files.certificatePath) and key \(files.keyPath) do not belong together")
        }
    }
}
