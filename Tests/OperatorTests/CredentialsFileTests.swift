import Foundation
import Testing

@testable import Operator

@Suite("Credentials file")
struct CredentialsFileTests {
    private let file = CredentialsFile(
        gatewayURL: "http://127.0.0.1:18000", platformKey: "platform",
        demo: .init(
            organizationID: "o", key: "k", eventID: "e", occurrenceID: "c", ticketTypeID: "t", checkoutID: "h"))

    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "credentials-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // A leftover in the temporary folder harms nobody.
        try body(path)
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("It is for its owner only, whatever was there before")
    func permissions() throws {
        try withPath { path in
            for leftover in [path, path + ".new"] {
                try Data("old".utf8).write(to: URL(filePath: leftover))
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: leftover)
            }
            try file.write(path)
            #expect(try permissions(path) == 0o600)
            #expect(try CredentialsFile.read(path) == file)
            #expect(!FileManager.default.fileExists(atPath: path + ".new"))
        }
    }

    @Test("It has the names that outside checks rely on")
    func shape() throws {
        try withPath { path in
            try file.write(path)
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
            #expect(Set(json.keys) == ["gateway_url", "platform_key", "demo"])
            let demo = try #require(json["demo"] as? [String: String])
            #expect(
                demo == [
                    "organization_id": "o", "key": "k", "event_id": "e", "occurrence_id": "c", "ticket_type_id": "t",
                    "checkout_id": "h",
                ])
        }
    }

    @Test("A file from before the sale was remembered reads too")
    func earlier() throws {
        try withPath { path in
            let text = """
                {"gateway_url":"g","platform_key":"p","demo":{"organization_id":"o","key":"k","event_id":"e",
                "occurrence_id":"c","ticket_type_id":"t"}}
                """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try CredentialsFile.read(path).demo?.checkoutID == nil)
        }
    }

    @Test("A folder that does not exist is said")
    func unwritable() {
        #expect(throws: OperatorError.self) { try file.write("/nowhere/credentials.json") }
    }
}
