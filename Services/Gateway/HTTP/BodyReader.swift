import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads request bodies within a limit of size; ``LateRequestHandler`` keeps the one of time.
struct BodyReader: Sendable {
    static let maximumBytes = 1_048_576

    /// - Throws: a ``Problem`` `payload-too-large`, or a ``Refusal`` when the body does not come.
    func read(_ request: Hummingbird.Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.maximumBytes {
            throw Self.tooLarge
        }
        if request.headers[.contentLength] == "0" { return [] }
        do {
            let buffer = try await request.body.collect(upTo: Self.maximumBytes)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge
        } catch is LateRequestHandler.Late {
            throw Self.tooSlow
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
