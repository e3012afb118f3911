/// What a new user can try, printed at start-up: send a span, fetch its trace, ask a question.

enum FirstSteps {
    static func text(credentialsPath: String, url: String, program: String) -> String {
        let directory = credentialsPath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let key = #"$(sed -n 's/.*"api_key": "\(.*\)".*/\1/p' "# + quoted(credentialsPath) + ")"
        // One line for the shell: the pieces are joined by the backslashes.
        let span = #"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"hello"}}]},"scopeSpans":[{"spans":[\#
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"chat gpt-5-mini","kind":3,\#
            "startTimeUnixNano":"'$(date +%s)'000000000","endTimeUnixNano":"'$(date +%s)'750000000","attributes":[\#
            {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\#
            {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},\#
            {"key":"gen_ai.request.model","value":{"stringValue":"gpt-5-mini"}},\#
            {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1200"}},\#
            {"key":"gen_ai.usage.output_tokens","value":{"intValue":"340"}}]}]}]}]}
            """#
        return """
            Credentials are in \(credentialsPath). Three commands to try in another terminal:

            1. Send a span:
               curl -s \(url)/v1/traces -H "authorization: Bearer \(key)" -H 'content-type: application/json' -d '\(span)'

            2. Fetch its trace:
               \(program) trace --data-dir \(quoted(directory)) 5b8efff798038103d269b633813fc60c

            3. Ask p95 latency and cost by model:
               \(program) query --data-dir \(quoted(directory)) --group-by model --aggregates 'count,p95(duration_ms),sum(cost)' --order-by=-count

            More to look at: \(program) demo --data-dir \(quoted(directory)) sends a sample of an LLM agent's traces into a project of its own.

            """
    }

    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        return isPlain ? path : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
