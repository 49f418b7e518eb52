import Contracts
import Foundation
import Testing

/// The wire form of every message, held by one file per message and version.
@Suite("Golden messages")
struct GoldenMessageTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test("Each message encodes to its golden file", arguments: MessageCatalogue.names)
    func encodesToGolden(name: String) throws {
        let message = try #require(MessageCatalogue.all.first { $0.name == name })
        let encoded = try MessageCodec.encodeForReading(message.example)
        let golden = try Generated.file(at: Self.folder.appending(path: "\(name).json"), content: encoded)
        #expect(encoded == golden)
    }

    @Test("Each golden file decodes to the message it came from", arguments: MessageCatalogue.names)
    func decodesFromGolden(name: String) throws {
        let message = try #require(MessageCatalogue.all.first { $0.name == name })
        let data = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
        #expect(try decodes(message, Array(data)))
    }

    @Test("No golden file is left without its message")
    func noOrphans() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".json") }
        let names = Set(MessageCatalogue.names.map { "\($0).json" })
        #expect(Set(files) == names)
    }

    @Test("Every message type of the module is in the catalogue")
    func catalogueIsComplete() throws {
        let contracts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Shared/Contracts")
        let files = FileManager.default.enumerator(at: contracts, includingPropertiesForKeys: nil)
        var declared: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            let names = text.matches(of: /public static let name = "([a-z0-9.-]+)"/)
            declared.formUnion(names.map { String($0.1) })
        }
        #expect(declared.count > 40)
        #expect(declared == Set(MessageCatalogue.names))
    }

    private func decodes<Body: Message>(_ type: Body.Type, _ bytes: [UInt8]) throws -> Bool {
        try MessageCodec.decode(Body.self, from: bytes) == Body.example
    }
}

/// Files that are generated from the code and checked in.
enum Generated {
    /// The checked-in text; written anew first when `UPDATE_GENERATED` is set.
    static func file(at url: URL, content: String) throws -> String {
        if ProcessInfo.processInfo.environment["UPDATE_GENERATED"] != nil {
            try content.write(to: url, atomically: true, encoding: .utf8)
        }
        return try String(contentsOf: url, encoding: .utf8)
    }
}
