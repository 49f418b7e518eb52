import Contracts
import Foundation
import HTTPTypes

/// A problem as it goes over the wire: `application/problem+json` (RFC 9457).
struct ProblemDocument: Codable, Sendable, Equatable {
    static let contentType = "application/problem+json"

    var type: String
    var title: String
    var status: Int
    var detail: String
    /// The request's id as a URN, by which support finds it in the logs.
    var instance: String
    var errors: [Problem.FieldError]?

    init(_ problem: Problem, status: Int, requestID: UUID) {
        type = problem.slug.typeURI
        title = problem.slug.title
        self.status = status
        detail = problem.detail
        instance = "urn:uuid:\(requestID.lowercaseText)"
        errors = problem.errors
    }

    static var example: ProblemDocument {
        ProblemDocument(
            .validation("items[0].quantity", "must be from 1 to 100"), status: 422,
            requestID: OrganizationID.example.rawValue)
    }
}
