# Two images: `slim` (the default) serves with ONNX Runtime; `full` has OpenVINO and TensorFlow as well, for SavedModels.
#   docker build --target slim --tag horngate:slim .
#   docker build --target full --tag horngate:full .

# What both install, before app/ is there, so that a change in app/ installs none of it again.
FROM python:3.11-slim-bookworm AS packages
ENV VIRTUAL_ENV=/opt/horngate \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /build
COPY pyproject.toml constraints.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore --constraint constraints.txt uv \
    && uv venv "$VIRTUAL_ENV" \
    && uv pip install --constraint constraints.txt --requirements pyproject.toml

# TensorFlow's C++ headers, a sixth of the image, are for compiling operations; OpenVINO's plug-ins for other devices than
# the CPU are for machines that this image is not for.
FROM packages AS packages-full
RUN uv pip install --constraint constraints.txt --requirements pyproject.toml --extra openvino --extra tensorflow \
    && rm -rf "$VIRTUAL_ENV"/lib/python3*/site-packages/tensorflow/include \
        "$VIRTUAL_ENV"/lib/python3*/site-packages/openvino/libs/libopenvino_intel_[gn]pu_plugin.so

# The wheel, and the models with the modes that they need whatever the umask of the checkout was.
FROM packages AS product
COPY README.md LICENSE ./
COPY app app
COPY models /srv/models
RUN uv build --wheel --out-dir dist && chmod -R u=rwX,go=rX /srv/models

FROM packages AS venv-slim
COPY --from=product /build/dist dist
RUN uv pip install --no-deps dist/*.whl

FROM packages-full AS venv-full
COPY --from=product /build/dist dist
RUN uv pip install --no-deps dist/*.whl

FROM python:3.11-slim-bookworm AS runtime
LABEL org.opencontainers.image.title="Horngate" \
      org.opencontainers.image.description="Takes a Keras model from training to a production endpoint" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
# The base image has no bytecode of the standard library, and nothing could keep it: every process would compile it again.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin horngate \
    && python -m compileall -q -x '/(idlelib|lib2to3|site-packages|test|tkinter)/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
# Nothing is written while it runs, apart from the workers' shared metrics under /tmp: the root may be read-only.
ENV PATH=/opt/horngate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HORNGATE_HOST=0.0.0.0 \
    HORNGATE_PORT=8000 \
    HORNGATE_MODELS_DIR=/srv/models
WORKDIR /srv
COPY --from=product /srv/models /srv/models
# gRPC listens at the second one where HORNGATE_GRPC_PORT=8001 asks for it: it takes 21 MiB.
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
# http.client, because urllib would ask the proxy that Docker's client may have put into the environment.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-I", "-c", "import http.client, os, sys; probe = http.client.HTTPConnection('127.0.0.1', int(os.environ['HORNGATE_PORT']), timeout=4); probe.request('GET', '/health/ready'); sys.exit(probe.getresponse().status != 200)"]
USER 10001:10001
CMD ["horngate", "serve"]

FROM runtime AS full
COPY --from=venv-full /opt/horngate /opt/horngate

FROM runtime AS slim
COPY --from=venv-slim /opt/horngate /opt/horngate
