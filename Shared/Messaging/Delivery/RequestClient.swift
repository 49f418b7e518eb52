import AMQP
import Contracts
import Foundation

/// Asks another service and waits for its answer, up to a deadline (design, section 4: queries).
public struct RequestClient: Sendable {
    private let gathering: RequestGathering
    private let service: ServiceName
    private let moments: MomentSource

    public init(requester: AMQPRequester, service: ServiceName, moments: MomentSource) {
        self.init(service: service, moments: moments) { message, timeout in
            try await requester.request(message, timeout: timeout)
        }
    }

    init(service: ServiceName, moments: MomentSource, send: @escaping RequestGathering.Send) {
        gathering = RequestGathering(send: send)
        self.service = service
        self.moments = moments
    }

    /// Asks and waits.
    /// - Parameter timeout: after this the request is dropped unread by whoever has it then.
    /// - Throws: a ``Problem``: the other side's refusal, or `unavailable` when no answer came in time. After `unavailable` the
    ///   request may or may not have been carried out; asking again with the same ids is safe.
    public func ask<Body: Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID? = nil, traceparent: String? = nil,
        timeout: Duration = .seconds(5)
    ) async throws -> Body.Reply {
        let answer = try await askEncoded(
            request, organizationID: organizationID, correlationID: correlationID, traceparent: traceparent,
            timeout: timeout)
        do {
            return try MessageCodec.decode(Body.Reply.self, from: answer)
        } catch {
            throw Problem(.internalError, "The \(Body.recipient) service gave an answer that cannot be read.")
        }
    }

    /// Asks and waits, like ``ask(_:organizationID:correlationID:traceparent:timeout:)``, for who only hands the answer on.
    /// - Returns: the JSON of a `Body.Reply`, as the other side wrote it.
    public func askEncoded<Body: Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID? = nil, traceparent: String? = nil,
        timeout: Duration = .seconds(5)
    ) async throws -> [UInt8] {
        let moment = moments.moment()
        let envelope = Envelope(
            id: moment.makeUUID(), type: Body.name, occurredAt: moment.now, correlationID: correlationID,
            organizationID: organizationID, traceparent: TraceContext.child(of: traceparent, at: moment),
            appID: service.rawValue)
        let message = WireMessage(
            exchange: Exchange.requests, routingKey: Body.recipient.rawValue, envelope: envelope,
            body: try MessageCodec.encode(request))
        let answer: AnswerBundle.Answer
        do {
            answer = try await gathering.ask(message, isQuick: Body.isQuick, timeout: timeout)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Self.unavailable(Body.recipient)
        }
        guard answer.outcome == .ok else {
            // A refusal that cannot be read says as little as no answer.
            throw (try? MessageCodec.decode(Problem.self, from: answer.body)) ?? Self.unavailable(Body.recipient)
        }
        return answer.body
    }

    private static func unavailable(_ service: ServiceName) -> Problem {
        Problem(.unavailable, "The \(service) service did not answer in time. Try again.", retryAfterSeconds: 1)
    }
}
