/// One way an endpoint answers when all goes well.
struct EndpointAnswer: Sendable {
    enum Content: Sendable {
        case none
        case json(Schema)
        /// Any other media type.
        case other(String)
    }

    enum Header: String, Sendable {
        case location = "Location"
        case link = "Link"
        case preferenceApplied = "Preference-Applied"
        case entityTag = "ETag"
    }

    let status: Int
    let summary: String
    let content: Content
    var headers: [Header] = []

    static func ok(_ schema: Schema, _ summary: String = "As asked.") -> EndpointAnswer {
        EndpointAnswer(status: 200, summary: summary, content: .json(schema))
    }

    static func page(_ schema: Schema) -> EndpointAnswer {
        EndpointAnswer(status: 200, summary: "One page.", content: .json(schema), headers: [.link])
    }

    static func created(_ schema: Schema) -> EndpointAnswer {
        EndpointAnswer(status: 201, summary: "Created.", content: .json(schema), headers: [.location])
    }

    static let noContent = EndpointAnswer(status: 204, summary: "Done.", content: .none)
}
