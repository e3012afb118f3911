import KnowledgeModel
import SeededRandom
import Testing

@testable import KnowledgeImport

@Suite struct CreateTableTextTests {
    private func read(_ text: String) throws -> ImportedKnowledge { try CreateTableText.read(Array(text.utf8)) }

    private func tables(_ result: ImportedKnowledge) -> [TableDescription] {
        result.entries.compactMap { if case .table(let table) = $0.content.body { table } else { nil } }
    }

    static let postgres = #"""
        \restrict abc
        SET search_path = '';
        CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $_$ SELECT 'CREATE TABLE no (a int);' $_$;
        CREATE TABLE public.orders (
            id bigint NOT NULL, -- the number
            number character varying(20) DEFAULT 'a, (b)'::character varying NOT NULL,
            total numeric(10,2) DEFAULT 0.00,
            tags text[] DEFAULT '{}'::text[],
            made timestamp with time zone DEFAULT now() NOT NULL,
            "Odd Name" integer CONSTRAINT positive CHECK (("Odd Name" > 0)),
            customer bigint REFERENCES public.customers (id) ON DELETE SET NULL,
            twice numeric GENERATED ALWAYS AS ((total * (2)::numeric)) STORED,
            CONSTRAINT total_check CHECK ((total >= (0)::numeric))
        );
        ALTER TABLE public.orders OWNER TO someone;
        COMMENT ON TABLE public.orders IS 'One row for each order; it''s final';
        COMMENT ON COLUMN public.orders.total IS E'Without\ntax';
        COPY public.orders (id) FROM stdin;
        1	'; CREATE TABLE no (
        \.
        ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);
        ALTER TABLE ONLY public.orders
            ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_number_key UNIQUE (number);
        ALTER TABLE ONLY public.orders
            ADD CONSTRAINT orders_parent_fkey FOREIGN KEY (id, number) REFERENCES public.parents(a, b) ON DELETE CASCADE;
        """#

    @Test("a dump of PostgreSQL becomes its tables, with keys and comments from statements of their own")
    func postgres() throws {
        let result = try read(Self.postgres)
        #expect(result.problems.isEmpty)
        #expect(result.entries.map(\.key) == ["tables/public.orders"])
        let table = try #require(tables(result).first)
        #expect(table.description == "One row for each order; it's final")
        #expect(
            table.columns == [
                .init(name: "id", type: "bigint", isNullable: false, defaultValue: "nextval('public.orders_id_seq'::regclass)"),
                .init(name: "number", type: "character varying(20)", isNullable: false, defaultValue: "'a, (b)'::character varying"),
                .init(name: "total", type: "numeric(10,2)", defaultValue: "0.00", description: "Without\ntax"),
                .init(name: "tags", type: "text[]", defaultValue: "'{}'::text[]"),
                .init(name: "made", type: "timestamp with time zone", isNullable: false, defaultValue: "now()"),
                .init(name: "Odd Name", type: "integer"),
                .init(name: "customer", type: "bigint"),
                .init(name: "twice", type: "numeric", defaultValue: "GENERATED ALWAYS AS ((total * (2)::numeric)) STORED"),
            ])
        #expect(table.primaryKey == ["id"])
        #expect(table.uniqueKeys == [["number"]])
        #expect(
            table.foreignKeys == [
                .init(columns: ["customer"], table: "public.customers", references: ["id"]),
                .init(columns: ["id", "number"], table: "public.parents", references: ["a", "b"]),
            ])
    }

    @Test("a dump of MySQL: backticks, escapes, indexes among the columns, comments as options")
    func mysql() throws {
        let result = try read(
            #"""
            /*!40101 SET NAMES utf8 */;
            DROP TABLE IF EXISTS `orders`;
            CREATE TABLE `orders` (
              `id` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'It\'s the number; (really)',
              `state` enum('a','b)') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'a',
              `at` timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
              `key` varchar(10) DEFAULT NULL,
              PRIMARY KEY (`id`),
              UNIQUE KEY `by_state` (`state`,`key`(5)) USING BTREE,
              KEY `by_at` (`at`),
              CONSTRAINT `c` FOREIGN KEY (`key`) REFERENCES `others` (`key`) ON DELETE NO ACTION
            ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='What was ordered';
            INSERT INTO `orders` VALUES (1,'it\'s; CREATE TABLE x (');
            DELIMITER ;;
            CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW BEGIN SET @a = 1; END ;;
            DELIMITER ;
            CREATE TABLE plain (id INT PRIMARY KEY, key varchar(10), INDEX (id));
            """#)
        #expect(result.problems.isEmpty)
        let found = tables(result)
        #expect(found.map(\.name) == ["orders", "plain"])
        #expect(found[0].description == "What was ordered")
        #expect(found[0].columns.map(\.type) == ["int(10) unsigned", "enum('a','b)')", "timestamp(6)", "varchar(10)"])
        #expect(found[0].columns.map(\.defaultValue) == ["AUTO_INCREMENT", "'a'", "CURRENT_TIMESTAMP(6)", "NULL"])
        #expect(found[0].columns[0].description == "It's the number; (really)")
        #expect(found[0].uniqueKeys == [["state", "key"]])
        #expect(found[0].foreignKeys == [.init(columns: ["key"], table: "others", references: ["key"])])
        #expect(found[1].columns.map(\.name) == ["id", "key"])
    }

    @Test("SQLite: columns without types, names in brackets, triggers")
    func sqlite() throws {
        let result = try read(
            """
            PRAGMA foreign_keys=OFF;
            BEGIN TRANSACTION;
            CREATE TABLE IF NOT EXISTS "a b" (id INTEGER PRIMARY KEY AUTOINCREMENT, [va lue], other REFERENCES things, UNIQUE (id, other) ON CONFLICT REPLACE) WITHOUT ROWID;
            CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE x SET a = 1; DELETE FROM y; END;
            CREATE VIRTUAL TABLE v USING fts5(a, b);
            COMMIT;
            """)
        #expect(result.problems.isEmpty)
        let table = try #require(tables(result).first)
        #expect(tables(result).count == 1)
        #expect(table.columns.map(\.name) == ["id", "va lue", "other"])
        #expect(table.columns.map(\.type) == ["INTEGER", "", ""])
        #expect(table.primaryKey == ["id"])
        #expect(table.uniqueKeys == [["id", "other"]])
        #expect(table.foreignKeys == [.init(columns: ["other"], table: "things")])
    }

    @Test("a broken statement is a problem with line and column and costs no other table")
    func brokenStatements() throws {
        let result = try read(
            """
            CREATE TABLE a (id int,
              b int %);
            CREATE TABLE fine (id int);
            CREATE TABLE c (id int;
            ALTER TABLE nowhere ADD PRIMARY KEY (id);
            CREATE TABLE fine (id text);
            CREATE TABLE d AS SELECT 1;
            CREATE TABLE e (name text DEFAULT 'never ends);
            """)
        #expect(tables(result).map(\.name) == ["fine"])
        #expect(
            result.problems.map { "\($0.place.line ?? 0):\($0.place.column ?? 0)" } == ["2:9", "4:23", "5:13", "6:14", "7:14", "8:35"])
    }

    @Test("random damage never brings the reader down", arguments: 0..<4)
    func damage(round: Int) throws {
        var random = SeededGenerator(seed: UInt64(round) &* 104_729 &+ 3)
        let source = Array(Self.postgres.utf8)
        for _ in 0..<400 {
            var bytes = source
            for _ in 0...Int(random.next() % 6) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(random.next() % 128)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 30))
                case 2: bytes.insert(contentsOf: Array("(((($$'\"`".utf8).prefix(Int(random.next() % 9)), at: place)
                default:
                    bytes.insert(contentsOf: source[min(place, source.count)..<min(source.count, place + 40)], at: min(place, bytes.count))
                }
            }
            let result = try CreateTableText.read(bytes.filter { $0 < 128 })
            #expect(result.entries.count <= 10)
        }
    }

    @Test("parentheses as deep as the text end in a problem")
    func deepParentheses() throws {
        let result = try read("CREATE TABLE a (b int DEFAULT \(String(repeating: "(", count: 100_000)));CREATE TABLE c (d int);")
        #expect(tables(result).map(\.name) == ["c"])
        #expect(result.problems.count == 1)
    }
}
