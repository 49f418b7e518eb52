import Contracts
import Foundation
import HTTPTypes
import Logging
import Postgres

/// A problem with its place in HTTP: usually its kind's own status, now and then another, or with further headers.
struct Refusal: Error, Sendable {
    var problem: Problem
    var status: Int
    var headers: HTTPFields

    init(_ problem: Problem, status: Int? = nil, headers: HTTPFields = [:]) {
        self.problem = problem
        self.status = status ?? problem.slug.status
        self.headers = headers
        switch problem.slug {
        case .unauthenticated: self.headers[.wwwAuthenticate] = "Bearer realm=\"voelgoed\""
        case .unavailable, .rateLimited, .requestInProgress:
            self.headers[.retryAfter] = String(problem.retryAfterSeconds ?? 1)
        default:
            self.headers[.retryAfter] = problem.retryAfterSeconds.map { String($0) }
        }
    }

    /// Any error as a refusal. What is nobody's business outside goes to the log.
    init(_ error: any Error, logger: Logger) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let problem as Problem: self.init(problem)
        case is CancellationError:
            self.init(Problem(.unavailable, "The gateway is shutting down. Try again.", retryAfterSeconds: 1))
        case let error as PostgresError where error.isRetriable || error.code == .commitOutcomeUnknown:
            logger.warning("the database did not do its part", metadata: ["error": "\(String(reflecting: error))"])
            self.init(Problem(.unavailable, "The gateway cannot do this now. Try again.", retryAfterSeconds: 1))
        default:
            logger.error("a request failed", metadata: ["error": "\(String(reflecting: error))"])
            self.init(
                Problem(.internalError, "Something went wrong on our side. The request's id names the log entry."))
        }
    }

    func reply(requestID: UUID) -> Reply {
        let document = ProblemDocument(problem, status: status, requestID: requestID)
        // A few strings: encoding them cannot fail, and the status says the rest.
        let bytes = (try? MessageCodec.encode(document)) ?? []
        return Reply(
            status: status, headers: headers, body: .bytes(bytes, contentType: ProblemDocument.contentType),
            slug: problem.slug)
    }
}
