/// `spandrel rotate-master-key`: wraps every data key anew under a new master key, beside a running server or without one.

import Access
import ArgumentParser
import FileSystem
import Logging
import Metastore
import PostgresClient
import ProcessSetup

struct RotateMasterKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-master-key", abstract: "Replaces the key that all stored secrets are sealed under.",
        discussion: """
            Works while the server runs, which goes on with old and new secrets alike. Cut short at any moment, it goes on where it was
            when it is run again. With SPANDREL_MASTER_KEY in the environment: set it to the new key and SPANDREL_MASTER_KEY_PREVIOUS to
            the old one first, for the server and for this command.
            """)

    @Option(name: .customLong("data-dir"), help: "The server's data directory, with master.key. [SPANDREL_DATA_DIR]")
    var dataDirectory = EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")

    @Option(name: .customLong("database-url"), help: "The server's PostgreSQL. [SPANDREL_DATABASE_URL] (default: the private one)")
    var databaseURL: String?

    @Flag(help: "Only open every stored secret, to see whether the master key and the database belong together.")
    var verify = false

    func run() async throws {
        let source = try MasterKeySource.find(dataDirectory: dataDirectory)
        if let url = databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL") {
            return try await rotate(source, on: try PostgresConfiguration(connectionString: url))
        }
        guard try LocalFileSystem().exists(dataDirectory + "/postgres") else {
            throw CommandFailure("\(dataDirectory) is no server's data directory; give --data-dir or --database-url")
        }
        let lock: any DirectoryLock
        do { lock = try LocalFileSystem().lockDirectory(dataDirectory) } catch {
            guard error.code == .locked else { throw error }
            return try await rotate(source, on: try PrivateCluster.configuration(ofRunning: dataDirectory + "/postgres"))
        }
        defer { lock.release() }
        let cluster = try await PrivateCluster.start(directory: dataDirectory + "/postgres", logger: Logger(label: "postgres"))
        do {
            try await rotate(source, on: cluster.configuration)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }

    private func rotate(_ source: MasterKeySource, on configuration: PostgresConfiguration) async throws {
        let metastore = try await Metastore.open(PostgresPool(configuration, logger: Logger(label: "postgres")))
        do {
            // Holds the key at hand against the database's before anything is changed.
            let vault = try await Vault.open(source, metastore)
            if !verify {
                let rotation = try MasterKeyRotation(source, metastore, audit: .system("rotateMasterKey"))
                try await rotation.run()
                print("the master key was replaced; \(rotation.rewrappedCount) data keys were wrapped anew")
            }
            print("\(try await ProviderCredentials(metastore: metastore, vault: vault).verifyAll()) stored secrets open")
        } catch {
            await metastore.close()
            throw error
        }
        await metastore.close()
    }
}
