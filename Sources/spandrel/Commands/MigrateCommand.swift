/// `spandrel migrate`: brings a database to this program's schema without starting a server.

import ArgumentParser
import Logging
import Metastore
import PostgresClient
import ProcessSetup

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings a PostgreSQL database to this program's schema.",
        discussion: "`serve` does this by itself at every start; use this where the server's own database user may not change tables.")

    @Option(name: .customLong("database-url"), help: "postgres://USER:PASSWORD@HOST/DATABASE. [SPANDREL_DATABASE_URL]")
    var databaseURL: String?

    func run() async throws {
        guard let databaseURL = databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL") else {
            throw ValidationError("give --database-url; a private database is migrated by `spandrel serve`")
        }
        let metastore = try await Metastore.open(
            PostgresPool(try PostgresConfiguration(connectionString: databaseURL), logger: Logger(label: "postgres")))
        await metastore.close()
        print("the schema is up to date")
    }
}
