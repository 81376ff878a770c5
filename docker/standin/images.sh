# shellcheck shell=bash
# shellcheck disable=SC2034  # read by build.sh
# What build.sh builds: for each name the lines "TAG FOLDER [BUILD-ARG...]". A tag is that of the
# image it stands for, so that a chart only has to be told another repository.
declare -A images
order=(postgres redis api s3 nginx squid web plugin-daemon sandbox agent-backend local-sandbox)

images[postgres]="standin-postgres:17 postgres"
images[redis]="standin-redis:8 redis"
images[nginx]="standin-nginx:1 nginx"
images[squid]="standin-squid:6 squid"
images[s3]="standin-s3:18 s3"
images[api]="
standin-api:1.16.1 api VERSION=1.16.1 HEAD=6f5a9c2d8e1b RUN_AS=dify
standin-api:1.16.1-next api VERSION=1.16.1-next HEAD=a4f8d2c9e1b0 RUN_AS=dify
standin-api:1.10.1 api VERSION=1.10.1 HEAD=09cfdda155d1 RUN_AS=1001"
images[web]="
standin-web:1.16.1 service NAME=web VERSION=1.16.1 PORT=3000 RUN_AS=1001
standin-web:1.16.1-next service NAME=web VERSION=1.16.1-next PORT=3000 RUN_AS=1001
standin-web:1.10.1 service NAME=web VERSION=1.10.1 PORT=3000 RUN_AS=1001"
images[plugin-daemon]="
standin-plugin-daemon:0.6.3-local plugin-daemon VERSION=0.6.3-local
standin-plugin-daemon:0.4.1-local plugin-daemon VERSION=0.4.1-local"
images[sandbox]="
standin-sandbox:0.2.15 service NAME=sandbox VERSION=0.2.15 PORT=8194 RUN_AS=0
standin-sandbox:0.2.12 service NAME=sandbox VERSION=0.2.12 PORT=8194 RUN_AS=0"
images[agent-backend]="
standin-agent-backend:1.16.1 service NAME=agent-backend VERSION=1.16.1 PORT=5050 RUN_AS=1001
standin-agent-backend:1.16.1-next service NAME=agent-backend VERSION=1.16.1-next PORT=5050 RUN_AS=1001"
images[local-sandbox]="
standin-local-sandbox:1.16.1 service NAME=local-sandbox VERSION=1.16.1 PORT=5004 RUN_AS=1000
standin-local-sandbox:1.16.1-next service NAME=local-sandbox VERSION=1.16.1-next PORT=5004 RUN_AS=1000"
