import Testing

@testable import Dashboard

@Suite struct AssetLibraryTests {
    private let one = EmbeddedResource("css/a.css", text: "a { color: red } a { color: red } a { color: red } a { color: red }")
    private let two = EmbeddedResource("js/b.js", text: "export const b = 1;")

    @Test("the hash is of every asset's path and content, in whatever order they come")
    func hashing() {
        let hash = AssetLibrary([one, two]).hash
        #expect(hash.count == 16 && hash == AssetLibrary([two, one]).hash)
        #expect(hash != AssetLibrary([one]).hash)
        #expect(hash != AssetLibrary([one, EmbeddedResource("js/b.js", text: "export const b = 2;")]).hash)
        #expect(hash != AssetLibrary([one, EmbeddedResource("js/c.js", text: "export const b = 1;")]).hash)
    }

    @Test("what gets smaller is packed, once, and what does not stays as it is")
    func packing() throws {
        let library = AssetLibrary([one, two])
        let packed = try #require(library["css/a.css"]?.gzip)
        #expect(packed.starts(with: [0x1f, 0x8b]) && packed.count < one.bytes.count)
        #expect(library["js/b.js"]?.gzip == nil)
        #expect(library["css/a.css"]?.contentType == "text/css; charset=utf-8")
    }

    @Test("bytes that are no text travel as base64")
    func binary() { #expect(EmbeddedResource("x.png", base64: "iVBORw0KGgo=").bytes == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) }

    @Test("the style sheets and modules that the layouts name are there")
    func layouts() {
        let library = AssetLibrary()
        for template in EmbeddedResource.templates {
            for part in template.text.split(separator: "{{asset_base}}/").dropFirst() {
                let path = String(part.prefix { $0 != "\"" && $0 != "#" && $0 != "'" })
                #expect(library[path] != nil, "\(template.path) names \(path)")
            }
        }
    }
}
