FROM python:3.12-slim

# A numeric user, so that orchestrators can check that it is not root.
RUN useradd --uid 10001 --create-home debrief && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /srv

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY backend/app backend/app
COPY samples samples

WORKDIR /srv/backend
USER 10001
ENV PYTHONUNBUFFERED=1 DATA_DIR=/data
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
