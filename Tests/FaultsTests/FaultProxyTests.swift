import Foundation
import Testing

@testable import Faults

@Suite("The fault proxy", .timeLimit(.minutes(1)))
struct FaultProxyTests {
    /// A server that sends back what it is sent, on a thread of its own.
    private final class EchoServer: Sendable {
        let port: UInt16
        private let descriptor: Int32

        init() throws {
            let (descriptor, port) = try LoopbackSocket.listening(on: 0)
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
            self.port = port
            self.descriptor = descriptor
            Thread.detachNewThread {
                while true {
                    let client = accept(descriptor, nil, nil)
                    guard client >= 0 else { return }
                    Thread.detachNewThread {
                        var buffer = [UInt8](repeating: 0, count: 4096)
                        while true {
                            let count = recv(client, &buffer, buffer.count, 0)
                            guard count > 0 else { break }
                            _ = send(client, buffer, count, Int32(MSG_NOSIGNAL))
                        }
                        close(client)
                    }
                }
            }
        }

        deinit {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
        }
    }

    /// A blocking client with a limit for its patience.
    private struct Client {
        let descriptor: Int32

        init(_ port: UInt16, patience: Int = 5000) throws {
            descriptor = try #require(LoopbackSocket.connecting(to: port))
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
            var limit = timeval(tv_sec: patience / 1000, tv_usec: patience % 1000 * 1000)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        func say(_ text: String) {
            _ = send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        }

        /// What was heard: the text, `end`, or the name of the failure.
        func hear() -> String {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return String(decoding: buffer.prefix(count), as: UTF8.self) }
            if count == 0 { return "end" }
            return errno == EAGAIN ? "nothing" : errno == ECONNRESET ? "reset" : "\(errno)"
        }
    }

    @Test("A good link passes everything on, both ways, and the end")
    func passes() throws {
        let server = try EchoServer()
        let proxy = try FaultProxy(port: 0, to: server.port)
        defer { proxy.stop() }
        let client = try Client(proxy.port)
        for text in ["hello", "again"] {
            client.say(text)
            #expect(client.hear() == text)
        }
        shutdown(client.descriptor, Int32(SHUT_WR))
        #expect(client.hear() == "end")
        close(client.descriptor)
    }

    @Test("A black hole keeps the connection open and silent, and heals without a loss")
    func blackHole() throws {
        let server = try EchoServer()
        let proxy = try FaultProxy(port: 0, to: server.port)
        defer { proxy.stop() }
        let old = try Client(proxy.port, patience: 300)
        old.say("one")
        #expect(old.hear() == "one")
        proxy.set(.blackHole)
        old.say("two")
        let new = try Client(proxy.port, patience: 300)
        new.say("three")
        #expect(old.hear() == "nothing")
        #expect(new.hear() == "nothing")
        proxy.set(.good)
        #expect(old.hear() == "two")
        #expect(new.hear() == "three")
        close(old.descriptor)
        close(new.descriptor)
    }

    @Test("A reset ends open connections and refuses new ones until it is over")
    func reset() throws {
        let server = try EchoServer()
        let proxy = try FaultProxy(port: 0, to: server.port)
        defer { proxy.stop() }
        let old = try Client(proxy.port)
        old.say("one")
        #expect(old.hear() == "one")
        proxy.set(.reset)
        #expect(old.hear() == "reset")
        let refused = try Client(proxy.port)
        #expect(["reset", "end"].contains(refused.hear()))
        proxy.set(.good)
        let new = try Client(proxy.port)
        new.say("two")
        #expect(new.hear() == "two")
        for client in [old, refused, new] { close(client.descriptor) }
    }

    @Test("A slow link is slow by what it was told")
    func delay() throws {
        let server = try EchoServer()
        let proxy = try FaultProxy(port: 0, to: server.port)
        defer { proxy.stop() }
        proxy.set(LinkCondition(delay: .milliseconds(100)))
        let client = try Client(proxy.port)
        let began = ContinuousClock.now
        client.say("hello")
        #expect(client.hear() == "hello")
        #expect(ContinuousClock.now - began >= .milliseconds(200), "there and back")
        close(client.descriptor)
    }

    @Test("A server that is not there is a reset, and none of its connections stays")
    func noServer() throws {
        let (descriptor, port) = try LoopbackSocket.listening(on: 0)
        close(descriptor)
        let proxy = try FaultProxy(port: 0, to: port)
        defer { proxy.stop() }
        let client = try Client(proxy.port)
        #expect(["reset", "end"].contains(client.hear()))
        close(client.descriptor)
    }
}
