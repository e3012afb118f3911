import Testing

@testable import Access

@Suite struct PasswordHashTests {
    @Test("a hash says how it was made, matches its own password only, and never the same twice")
    func roundTrip() throws {
        let hash = try #require(PasswordHash(hashing: "pässword \u{1F511}", cost: .cheap))
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        let read = try #require(PasswordHash(hash.text))
        #expect(read.matches("pässword \u{1F511}") && !read.matches("pässword") && !read.matches(""))
        #expect(PasswordHash(hashing: "pässword \u{1F511}", cost: .cheap)?.text != hash.text)
        #expect(read.needsRehash() && !read.needsRehash(to: .cheap))
        #expect("\(hash)" == "(password hash)")
    }

    @Test("the second test vector of RFC 7914 is met")
    func vector() {
        let hash = PasswordHash.derive("password", Array("NaCl".utf8), .init(logRounds: 10, blockSize: 8, parallelism: 16))
        let hex = (hash ?? []).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(hex == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    }

    @Test(
        "what is no hash of ours, or asks for too much, is refused",
        arguments: [
            "", "$", "$scrypt$ln=4,r=8,p=1$AA$AA", "plain", "$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$scrypt$ln=30,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=8,p=1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$r=8,ln=4,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func refused(text: String) { #expect(PasswordHash(text) == nil) }

    private func work(_ name: String = "u") -> PasswordWork {
        .anonymous("\(name)@example.org", RequestOrigin(address: "192.0.2.1"))
    }

    @Test("an unknown user's password takes the same work as a known one's")
    func sameWork() async throws {
        let hasher = PasswordHasher(cost: .cheap)
        let stored = try await hasher.hash("correct", for: work()).text
        let before = hasher.hashCount
        #expect(try await hasher.matches("correct", stored, for: work()))
        #expect(try await !hasher.matches("wrong", stored, for: work()))
        #expect(try await !hasher.matches("nobody's password", nil, for: work()), "not even the stand-in's own")
        #expect(try await !hasher.matches("any", "damaged", for: work()))
        #expect(hasher.hashCount == before + 4)
    }

    @Test("too many at once are refused, the others all answered")
    func flood() async throws {
        let hasher = PasswordHasher(cost: .init(logRounds: 8, blockSize: 8, parallelism: 1), laneCount: 1)
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<300 { group.addTask { (try? await hasher.hash("x", for: work("\(number)"))) != nil } }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results.count == 300 && results.contains(true))
        #expect(try await hasher.hash("y", for: work("y")).matches("y"))
    }

    @Test("short, endless, monotonous passwords and the address itself will not do")
    func rules() {
        for password in [
            "short", String(repeating: "a", count: 20), "abababababab", String(repeating: "xyz", count: 400), "Someone@Example.org",
        ] {
            #expect(throws: AccessError.self) { try PasswordRules.check(password, email: "someone@example.org") }
        }
        #expect(throws: Never.self) { try PasswordRules.check("correct horse battery", email: "someone@example.org") }
    }
}
