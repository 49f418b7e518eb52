/// The answers to the requests of one bundle, in their order: each a ``BundleBlock`` with the line `outcome`.
enum AnswerBundle {
    enum Outcome: String, Sendable {
        case ok
        /// The body is a ``Problem``.
        case refused
    }

    struct Answer: Sendable {
        let outcome: Outcome
        let body: [UInt8]
    }

    static func body(_ answers: [Answer]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(answers.reduce(0) { $0 + $1.body.count + 40 })
        for answer in answers {
            BundleBlock.append([(EnvelopeCodec.Header.outcome, answer.outcome.rawValue)], answer.body, to: &body)
        }
        return body
    }

    /// - Throws: ``MessagingError/malformedEnvelope(_:)``.
    static func answers(in body: [UInt8]) throws -> [Answer] {
        try BundleBlock.blocks(in: body).map { block in
            guard let outcome = block.lines[EnvelopeCodec.Header.outcome].flatMap(Outcome.init) else {
                throw MessagingError.malformedEnvelope("outcome must be ok or refused")
            }
            return Answer(outcome: outcome, body: block.body)
        }
    }
}
