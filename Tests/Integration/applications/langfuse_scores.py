"""An application with one of Langfuse's SDKs, 3 or 4, set up by LANGFUSE_ variables alone: a trace with user, session and tags, and scores.
Prints what it made as JSON."""
import importlib.metadata, json
import langfuse

client = langfuse.get_client()
checked = client.auth_check()
with client.start_as_current_observation(name="ask", as_type="span") as span:
    with langfuse.propagate_attributes(user_id="ada", session_id="session-1", tags=["blue", "green"]):
        with client.start_as_current_observation(name="call", as_type="generation", model="gpt-4o", input="question") as generation:
            generation.update(output="answer", usage_details={"input": 3, "output": 4})
            generation.score(name="accuracy", value=0.75, data_type="NUMERIC", comment="close")
    span.score_trace(name="helpful", value=1, data_type="BOOLEAN")
for _ in range(2):
    # The same score twice: an application that does not know whether it was sent.
    client.create_score(name="tone", value="friendly", data_type="CATEGORICAL", trace_id=span.trace_id, score_id=f"tone-{span.trace_id}")
client.flush()
print(json.dumps({"version": importlib.metadata.version("langfuse"), "checked": checked, "trace_id": span.trace_id, "span_id": generation.id}))
