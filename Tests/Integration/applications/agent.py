"""An LLM agent as the GenAI conventions describe one: agent, chat calls, tools, retrieval, an error; prompts over the size at which values
leave their row. Several conversations on several threads, so that batches mix traces."""
import json, threading
from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode
import instrumented

CONVERSATIONS = 12


def chat(tracer, session, turn, history):
    with tracer.start_as_current_span("chat gpt-4.1-mini", kind=SpanKind.CLIENT) as span:
        span.set_attributes({
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1-mini",
            "gen_ai.response.model": "gpt-4.1-mini-2025-04-14", "gen_ai.conversation.id": session, "gen_ai.request.temperature": 0.2,
            "gen_ai.usage.input_tokens": 1000 + turn, "gen_ai.usage.output_tokens": 50 * turn, "gen_ai.usage.cache_read.input_tokens": 128,
            "gen_ai.response.finish_reasons": ["stop"], "user.id": "user-" + session[-1], "gen_ai.input.messages": json.dumps(history),
            "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": f"answer {turn} " * 200}]}])})
        # Content as a structured value, the newest generation's form.
        span.add_event("gen_ai.client.inference.operation.details", {"gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "q" * 2000}]}]})
        if turn == 3:
            span.set_attribute("error.type", "RateLimitError")
            span.set_status(Status(StatusCode.ERROR, "429"))


def converse(number):
    tracer = trace.get_tracer("agent.instrumentation", "0.1")
    session = f"conversation-{number}"
    with tracer.start_as_current_span("invoke_agent helpdesk", attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helpdesk", "gen_ai.conversation.id": session}):
        history = [{"role": "system", "parts": [{"type": "text", "content": "You are a help desk. " * 100}]}]
        for turn in range(1, 5):
            history.append({"role": "user", "parts": [{"type": "text", "content": f"question {turn} of {session}"}]})
            chat(tracer, session, turn, history)
            with tracer.start_as_current_span("execute_tool lookup") as tool:
                tool.set_attributes({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup", "gen_ai.tool.call.arguments": {"id": turn, "deep": [1, 2]},
                                     "gen_ai.tool.call.result": "row " * 600})


def main():
    instrumented.set_up(**{"service.name": "helpdesk", "deployment.environment.name": "test"})
    threads = [threading.Thread(target=converse, args=(number,)) for number in range(CONVERSATIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    instrumented.tear_down()


if __name__ == "__main__":
    main()
