import Testing

/// Who imports whom, held to the table in `Rooms.swift`.
@Suite struct ImportTests {
    @Test("the sources are found")
    func sourcesAreFound() {
        #expect(SourceTree.sources.count > 10)
        #expect(SourceTree.sources.contains { !$0.imports.isEmpty })
    }

    @Test("every folder of Sources is a room of the table, and every room has its folder")
    func foldersAreRooms() {
        #expect(SourceTree.folders(under: "Sources") == Architecture.rooms.map(\.name).sorted())
    }

    @Test("Package.swift declares the targets in the order of the table")
    func manifestFollowsTheTable() throws {
        let manifest = try SourceTree.text("Package.swift")
        let names = Architecture.rooms.map(\.name)
        let declared = manifest.split(separator: "name: \"").dropFirst().compactMap { piece in
            names.first { piece.hasPrefix($0 + "\"") }
        }
        // Products and test targets name rooms too; the first mention after `targets:` is the declaration.
        var order: [String] = []
        for name in declared where name != "spandrel" && !order.contains(name) { order.append(name) }
        #expect(order == names.filter { $0 != "spandrel" })
    }

    @Test("a room imports rooms above it in the table only", arguments: Architecture.rooms.indices)
    func importsPointDown(index: Int) {
        let room = Architecture.rooms[index]
        let rooms = Set(Architecture.rooms.map(\.name))
        let above = Set(Architecture.rooms[..<index].map(\.name))
        for file in SourceTree.sources where file.target == room.name {
            for module in file.imports where rooms.contains(module) {
                #expect(above.contains(module), "\(file.path) imports \(module), which is not above \(room.name)")
            }
        }
    }

    @Test("a room imports only the outside modules the table gives it", arguments: Architecture.rooms.indices)
    func outsideModulesAreListed(index: Int) {
        let room = Architecture.rooms[index]
        let rooms = Set(Architecture.rooms.map(\.name))
        let allowed = room.outsideModules.union(Architecture.freeModules)
        for file in SourceTree.sources where file.target == room.name {
            for module in file.imports where !rooms.contains(module) && !FoundationUse.modules.contains(module) {
                #expect(allowed.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("a system library is called by its own rooms only")
    func librariesHaveTheirRooms() {
        for file in SourceTree.sources {
            for module in file.imports {
                guard let users = Architecture.libraryUsers[module] else { continue }
                #expect(users.contains(file.target), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("Foundation stands only where the list says, with the reason")
    func foundationIsListed() {
        for file in SourceTree.sources where !FoundationUse.modules.isDisjoint(with: file.imports) {
            #expect(FoundationUse.allowed[file.path] != nil, "\(file.path) imports Foundation")
        }
        for path in FoundationUse.allowed.keys.sorted() {
            let file = SourceTree.sources.first { $0.path == path }
            #expect(
                file.map { !FoundationUse.modules.isDisjoint(with: $0.imports) } == true, "\(path) no longer needs its place in the list")
        }
    }
}

/// Foundation is slow where bytes are hot and heavy everywhere else: each use has a reason.
enum FoundationUse {
    static let modules: Set<String> = ["Foundation", "FoundationEssentials", "FoundationNetworking"]
    static let allowed: [String: String] = [:]
}
