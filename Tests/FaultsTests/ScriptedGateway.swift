import Foundation
import Synchronization

@testable import Faults

/// An HTTP server that gives prepared answers, one after the other, and keeps what it was sent.
final class ScriptedGateway: Sendable {
    let url: String
    private let descriptor: Int32
    private let state: Mutex<(answers: [String], requests: [String])>

    /// - Parameter answers: status line and headers of each answer; the last one is given again and again.
    init(_ answers: [String]) throws {
        let (descriptor, port) = try LoopbackSocket.listening(on: 0)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        self.descriptor = descriptor
        url = "http://127.0.0.1:\(port)"
        state = Mutex((answers, []))
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0, let self else { return }
                self.serve(client)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// What it was sent, headers and bodies.
    var requests: [String] { state.withLock { $0.requests } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        repeat {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        } while !Self.isWhole(text)
        let answer = state.withLock { state in
            state.requests.append(text)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        let body = #"{"id":"x"}"#
        let reply = "HTTP/1.1 \(answer)\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        _ = send(client, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
    }

    private static func isWhole(_ text: String) -> Bool {
        guard let head = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<head.lowerBound].split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-length:")
        }.flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        return text[head.upperBound...].utf8.count >= length ?? 0
    }
}
