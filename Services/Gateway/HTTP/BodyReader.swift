import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads request bodies within limits of size and time.
struct BodyReader: Sendable {
    static let maximumBytes = 1_048_576

    let deadline: Duration

    init(deadline: Duration = .seconds(15)) {
        self.deadline = deadline
    }

    /// - Throws: a ``Problem`` `payload-too-large`, or a ``Refusal`` when the body does not come.
    func read(_ request: Hummingbird.Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.maximumBytes {
            throw Self.tooLarge
        }
        if request.headers[.contentLength] == "0" { return [] }
        let body = request.body
        let deadline = deadline
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                do {
                    let buffer = try await body.collect(upTo: Self.maximumBytes)
                    return Array(buffer.readableBytesView)
                } catch is NIOTooManyBytesError {
                    throw Self.tooLarge
                }
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw Self.tooSlow
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private static var tooLarge: Problem {
        Problem(.payloadTooLarge, "The body must have at most \(maximumBytes) bytes.")
    }

    /// RFC 9110, section 15.5.9.
    private static var tooSlow: Refusal {
        Refusal(
            Problem(.validationFailed, "The body did not arrive in time."), status: 408, headers: [.connection: "close"]
        )
    }
}
