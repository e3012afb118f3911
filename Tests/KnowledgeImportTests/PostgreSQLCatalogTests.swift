import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing

@testable import KnowledgeImport

@Suite struct PostgreSQLCatalogTests {
    @Test("tables of chosen schemas are read with columns, keys and comments, and nothing is changed")
    func tablesAreRead() async throws {
        let configuration = try await TestServer.makeDatabase()
        let connection = try await PostgresConnection.connect(configuration)
        _ = try await connection.script(
            """
            CREATE SCHEMA shop; CREATE SCHEMA other;
            CREATE TABLE other.hidden (id int);
            CREATE TABLE shop.customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b int, UNIQUE (b, a));
            CREATE TABLE shop.orders (id uuid DEFAULT gen_random_uuid() NOT NULL, customer bigint REFERENCES shop.customers (id),
                total numeric(10,2), doubled numeric GENERATED ALWAYS AS (total * 2) STORED, tags text[] DEFAULT '{}') PARTITION BY HASH (id);
            CREATE TABLE shop.orders_0 PARTITION OF shop.orders FOR VALUES WITH (MODULUS 1, REMAINDER 0);
            COMMENT ON TABLE shop.orders IS 'What was ordered';
            COMMENT ON COLUMN shop.orders.total IS 'Without tax';
            """)
        let result = try await PostgreSQLCatalog.read(configuration, schemas: ["shop", "none"])
        #expect(result.entries.map(\.key) == ["tables/shop.customers", "tables/shop.orders"])
        #expect(result.problems.map(\.message) == ["the database has no schema 'none'"])
        guard case .table(let customers) = result.entries[0].content.body, case .table(let orders) = result.entries[1].content.body else {
            Issue.record("no tables")
            return
        }
        #expect(customers.primaryKey == ["id"])
        #expect(customers.uniqueKeys == [["b", "a"]])
        #expect(customers.columns[0].defaultValue == "GENERATED ALWAYS AS IDENTITY")
        #expect(orders.description == "What was ordered")
        #expect(orders.columns.map(\.type) == ["uuid", "bigint", "numeric(10,2)", "numeric", "text[]"])
        #expect(orders.columns.map(\.isNullable) == [false, true, true, true, true])
        #expect(orders.columns[2].description == "Without tax")
        #expect(orders.columns[3].defaultValue?.hasPrefix("GENERATED ALWAYS AS ((total *") == true)
        #expect(orders.foreignKeys == [.init(columns: ["customer"], table: "shop.customers", references: ["id"])])
        let all = try await PostgreSQLCatalog.read(configuration, schemas: [])
        #expect(all.entries.map(\.key) == ["tables/other.hidden", "tables/shop.customers", "tables/shop.orders"])
    }

    @Test(
        "errors repeat nothing of the connection string",
        arguments: [
            "postgres://user:s3cret-word@127.0.0.1:1/db", "postgres://user:pass@s3cret-word@127.0.0.1:1/db",
            "postgres://user:pw@s3cret-word.invalid/db", "host=127.0.0.1 port=1 password='s3cret-word", "host=127.0.0.1 s3cret-word=1",
            "host=127.0.0.1 passfile=/s3cret-word", "host=127.0.0.1 port=1 sslmode=s3cret-word",
        ])
    func errorsAreQuiet(text: String) async {
        do {
            _ = try await PostgreSQLCatalog.read(connectionString: text, schemas: []) { _ in ["127.0.0.1"] }
            Issue.record("it was read")
        } catch {
            #expect(error is KnowledgeImportError)
            #expect(!"\(error)".contains("s3cret"))
            #expect(!"\(error)".isEmpty)
        }
    }

    @Test("hosts are asked about before anything is connected to, and no file of this machine is used")
    func hostsAreChecked() async {
        for text in [
            "host=10.0.0.1,db.test dbname=a", "dbname=a", "host=db.test hostaddr=10.0.0.1", "service=prod", "host=db.test sslkey=/etc/x",
        ] {
            await #expect(throws: KnowledgeImportError.self) {
                try await PostgreSQLCatalog.read(connectionString: text, schemas: []) { $0 == "db.test" ? ["192.0.2.1"] : [] }
            }
        }
    }
}
