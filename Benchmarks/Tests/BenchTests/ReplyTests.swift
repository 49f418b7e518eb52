import Testing

@testable import Bench

@Suite("Answers")
struct ReplyTests {
    private func read<Value>(_ text: String, _ look: (Reply) throws -> Value) rethrows -> Value {
        try Array(text.utf8).withUnsafeBytes { try look(Reply(status: 200, body: $0)) }
    }

    @Test("A member is that of the outermost object, whatever others say before it")
    func member() {
        let text =
            #"{"payment":{"state":"succeeded"},"reason":"a \"state\":\"lie\"","list":["state"],"state":"completed"}"#
        #expect(read(text) { $0.member("state") } == "completed")
        #expect(read(#"{"state":17,"states":"x"}"#) { $0.member("state") } == nil)
        #expect(read(#"{"state":"cut"#) { $0.member("state") } == "cut")
    }

    @Test("All texts after a mark are found")
    func texts() {
        let text = #"{"tickets":[{"code":"VG1A","id":"1"},{"code":"VG1B"}],"confirmation_code":"no"}"#
        #expect(read(text) { $0.texts(after: #""code":""#) } == ["VG1A", "VG1B"])
    }

    @Test("A problem is known by its slug")
    func problem() {
        #expect(read(#"{"type":"https://voelgoed.events/problems/sold-out"}"#) { $0.problem } == "sold-out")
        #expect(read("gone") { $0.problem } == "status 200")
    }

    @Test("A head says where it ends and how long the body is")
    func head() throws {
        let text = "HTTP/1.1 202 Accepted\r\ncontent-length: 12\r\nConnection: keep-alive\r\n\r\n{}"
        let head = try Array(text.utf8).withUnsafeBytes { try ReplyHead($0) }
        #expect(head?.status == 202)
        #expect(head?.bodyLength == 12)
        #expect(head?.retryAfter == nil)
        let later = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n"
        #expect(try Array(later.utf8).withUnsafeBytes { try ReplyHead($0) }?.retryAfter == 7)
        #expect(head?.length == text.utf8.count - 2)
        #expect(try Array(text.dropLast(5).utf8).withUnsafeBytes { try ReplyHead($0) } == nil)
        #expect(throws: BenchError.self) {
            try Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8).withUnsafeBytes {
                try ReplyHead($0)
            }
        }
    }
}
