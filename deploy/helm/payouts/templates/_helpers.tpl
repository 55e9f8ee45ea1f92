{{- define "payouts.labels" -}}
app.kubernetes.io/name: payouts
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "payouts.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* Of a digest its first twelve digits: a build id goes into names. */ -}}
{{- define "payouts.buildId" -}}
{{- if .Values.versioning.buildId }}{{ .Values.versioning.buildId }}
{{- else if .Values.image.digest }}{{ .Values.image.digest | trimPrefix "sha256:" | trunc 12 }}
{{- else }}{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "payouts.temporalEnvironment" -}}
- { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
{{- if .Values.temporal.tls.secret }}
- { name: TEMPORAL_TLS, value: "true" }
- { name: TEMPORAL_TLS_CLIENT_CERT_PATH, value: /etc/payouts/temporal/tls.crt }
- { name: TEMPORAL_TLS_CLIENT_KEY_PATH, value: /etc/payouts/temporal/tls.key }
{{- if .Values.temporal.tls.ca }}
- { name: TEMPORAL_TLS_SERVER_CA_CERT_PATH, value: /etc/payouts/temporal/ca.crt }
{{- end }}
{{- end }}
{{- with .Values.temporal.apiKey }}
{{- if .secret }}
- { name: TEMPORAL_API_KEY, valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }} } } }
{{- end }}
{{- end }}
{{- end }}

{{- define "payouts.environment" -}}
{{- range $name, $value := .Values.settings }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- range $name, $entry := .Values.keys.variables }}
- { name: {{ $name }}, value: /etc/payouts/keys/{{ $entry }} }
{{- end }}
{{- range $file, $name := dict "endpoints.json" "ENDPOINTS_FILE" "branding.json" "BRANDING_FILE" "policies.yaml" "POLICIES_FILE" }}
{{- if hasKey $.Values.files $file }}
- { name: {{ $name }}, value: /etc/payouts/config/{{ $file }} }
{{- end }}
{{- end }}
{{- if .Values.metrics.port }}
- { name: METRICS_ADDRESS, value: "0.0.0.0:{{ .Values.metrics.port }}" }
{{- end }}
{{- end }}

{{- /* What both pods have around their one container. */ -}}
{{- define "payouts.podSpec" -}}
serviceAccountName: {{ .Release.Name }}
automountServiceAccountToken: false
# A process ends within 15 s of SIGTERM.
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
volumes:
  - { name: keys, secret: { secretName: {{ .Values.keys.secret }}, defaultMode: 0440 } }
{{- if .Values.files }}
  - { name: config, configMap: { name: {{ .Release.Name }}-files } }
{{- end }}
{{- if .Values.temporal.tls.secret }}
  - { name: temporal, secret: { secretName: {{ .Values.temporal.tls.secret }}, defaultMode: 0440 } }
{{- end }}
{{- end }}

{{- define "payouts.container" -}}
image: {{ include "payouts.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: keys, mountPath: /etc/payouts/keys, readOnly: true }
{{- if .Values.files }}
  - { name: config, mountPath: /etc/payouts/config, readOnly: true }
{{- end }}
{{- if .Values.temporal.tls.secret }}
  - { name: temporal, mountPath: /etc/payouts/temporal, readOnly: true }
{{- end }}
{{- end }}

{{- /* One process on each node and zone, as far as there are so many. */ -}}
{{- define "payouts.spread" -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector: { matchLabels: { app.kubernetes.io/instance: {{ $.Release.Name }}, app.kubernetes.io/component: {{ $.component }} } }
{{- end }}
{{- end }}

{{- /* A changed setting or file starts new pods. */ -}}
{{- define "payouts.podAnnotations" -}}
checksum/files: {{ .Values.files | toJson | sha256sum }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
